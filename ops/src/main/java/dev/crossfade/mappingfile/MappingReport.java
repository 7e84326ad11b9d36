package dev.crossfade.mappingfile;

import dev.crossfade.mapping.TableMapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of reading a mapping file. An error in what it says of one entity concerns that entity alone.
 *
 * @param file the path as it was given
 * @param mappings the mappings that could be made of it, parents first; those with errors are not fit for use
 * @param errors what makes the file unusable, in the order of its lines
 * @param warnings what somebody should look at, in the order of its lines
 */
public record MappingReport(
        String file, List<TableMapping> mappings, List<LocatedFinding> errors, List<LocatedFinding> warnings) {

    /** Copies the lists. */
    public MappingReport {
        mappings = List.copyOf(mappings);
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /** Returns the errors as lines, each with file, line, path, problem and remedy. */
    public List<String> errorLines() {
        return lines(errors);
    }

    /** Returns the warnings as lines, each with file, line, path, problem and remedy. */
    public List<String> warningLines() {
        return lines(warnings);
    }

    /** Returns the mappings without errors, parents first. */
    public List<TableMapping> usable() {
        Map<String, List<String>> unusable = unusable();
        return mappings.stream()
                .filter(mapping -> !unusable.containsKey(mapping.entity()))
                .toList();
    }

    /** Returns the errors of each entity that cannot be used, as lines in the file's order. */
    public Map<String, List<String>> unusable() {
        Map<String, List<String>> unusable = new LinkedHashMap<>();
        for (LocatedFinding error :
                errors.stream().filter(one -> one.finding().isFatal()).toList()) {
            error.finding()
                    .entity()
                    .ifPresent(entity -> unusable.computeIfAbsent(entity, none -> new ArrayList<>())
                            .add(error.in(file)));
        }
        return unusable;
    }

    /** Returns the errors that are not about one entity, as lines. With these, nothing in the file can be relied on. */
    public List<String> fileErrorLines() {
        return lines(errors.stream()
                .filter(error -> error.finding().entity().equals(Optional.empty()))
                .toList());
    }

    private List<String> lines(List<LocatedFinding> findings) {
        return findings.stream().map(finding -> finding.in(file)).toList();
    }
}
