package dev.crossfade.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each table of the schema {@code crossfade} has one class that knows its name, and whoever wants to know something of
 * it asks that one: two queries for one question would answer it differently one day.
 */
class ControlTableOwnersTest {

    private static final Path ROOT = Path.of("..");
    /** Those that run in production; one that is not there yet has nothing to be looked at. */
    private static final Set<String> MODULES = Set.of("src", "ops", "cli", "jooq-codegen", "spring-boot-starter");

    private static final Pattern NAME = Pattern.compile("name\\(\\s*\"crossfade\"\\s*,\\s*\"(\\w+)\"");
    private static final Pattern TEXT =
            Pattern.compile("(?i)\\b(?:from|into|update|join|size\\(')\\s*crossfade\\.(\\w+)\\b(?![.(])");

    /** Tables whose name more than one class has, and why. */
    private static final Map<String, Set<String>> SHARED = Map.of(
            // Appended to within the statements of writers and by triggers; read, counted and deleted by the queue.
            "intent", Set.of("IntentTable", "Intents", "CaptureSql"),
            // Its statement, which deletes many keys at once, is made for each width of a key.
            "missed_write", Set.of("MissedWrites", "Clearing"),
            // Triggers ask for a sweep.
            "sweep_request", Set.of("SweepRequests", "CaptureSql"),
            // An entity that gets another name gets it in flags and in what operators did to its keys, too.
            "flag", Set.of("FlagTable", "EntityRows"),
            "queue_action", Set.of("QueueActions", "EntityRows"),
            // Asked whether there is a schema at all, and something in it, before any of its tables is relied on.
            "authority", Set.of("AuthorityTable", "ControlSchema"));

    @Test
    void eachTableIsNamedByItsOwnerAlone() throws IOException {
        SortedMap<String, Set<String>> namers = new TreeMap<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            String simple = file.getFileName().toString().replace(".java", "");
            for (Pattern pattern : Set.of(NAME, TEXT)) {
                Matcher matcher = pattern.matcher(source);
                while (matcher.find()) {
                    namers.computeIfAbsent(matcher.group(1), table -> new TreeSet<>())
                            .add(simple);
                }
            }
        }
        assertThat(namers).hasSizeGreaterThan(15);

        namers.values().removeIf(classes -> classes.size() == 1);
        assertThat(namers).isEqualTo(SHARED);
    }

    private static Iterable<Path> sources() throws IOException {
        Set<Path> found = new TreeSet<>();
        for (String module : MODULES) {
            for (String folder : Set.of("main/java", "src/main/java")) {
                Path sources = ROOT.resolve(module).resolve(folder);
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        return found;
    }
}
