package dev.crossfade.gate;

import dev.crossfade.check.Finding;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.mapping.TableMapping;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The mappings that are known here, looked up at each use.
 *
 * @param source supplies them; it may throw a {@code CrossfadeException} if they are not available
 */
record Mappings(Supplier<? extends Collection<TableMapping>> source) {

    Collection<TableMapping> all() {
        return source.get();
    }

    Optional<TableMapping> find(String entity) {
        return all().stream().filter(mapping -> mapping.entity().equals(entity)).findFirst();
    }

    /** Returns the verdict on an entity whose mapping is not known. */
    static Closed unknown(String entity, String required) {
        return new Closed(
                "the mapping of '%s' is not known here".formatted(entity),
                required,
                "Add it to the mapping file, or move the stage where it is known.");
    }

    /** Returns the first findings in one line, each with its place. */
    static String problems(List<Finding> findings, int shown) {
        String first = findings.stream()
                .limit(shown)
                .map(finding -> "%s: %s".formatted(finding.path(), withoutStop(finding.problem())))
                .collect(Collectors.joining("; "));
        return findings.size() <= shown ? first : "%s; and %s more".formatted(first, findings.size() - shown);
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
