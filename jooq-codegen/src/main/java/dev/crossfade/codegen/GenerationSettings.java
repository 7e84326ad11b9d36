package dev.crossfade.codegen;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/**
 * The settings in the {@code <properties>} of the generator's {@code <database>}.
 *
 * @param basedir the absolute directory at which relative names start
 * @param mapping the mapping file
 * @param scripts the service's own scripts, as names or globs, run on the database of the legacy schema or the only
 *     one
 * @param modernScripts as {@code scripts}, for a separate modern database
 * @param migrations the directory of the service's Crossfade migrations, if it has any
 * @param topology whether both schemas are in one database
 * @param side the side whose database jOOQ reads, if there are two
 * @param repositoryPackage the package of what Crossfade generates, empty for the default
 * @param skipUnchanged whether to do nothing if no input has changed
 */
record GenerationSettings(
        Path basedir,
        Path mapping,
        List<String> scripts,
        List<String> modernScripts,
        Optional<Path> migrations,
        Topology topology,
        Side side,
        Optional<String> repositoryPackage,
        boolean skipUnchanged) {

    private static final String BASEDIR = "basedir";
    private static final String MAPPING = "mapping";
    private static final String SCRIPTS = "scripts";
    private static final String MODERN_SCRIPTS = "modernScripts";
    private static final String MIGRATIONS = "migrations";
    private static final String TOPOLOGY = "topology";
    private static final String SIDE = "side";
    private static final String REPOSITORY_PACKAGE = "repositoryPackage";
    private static final String SKIP_UNCHANGED = "skipUnchanged";
    private static final Set<String> KNOWN = new TreeSet<>(List.of(
            BASEDIR, MAPPING, SCRIPTS, MODERN_SCRIPTS, MIGRATIONS, TOPOLOGY, SIDE, REPOSITORY_PACKAGE, SKIP_UNCHANGED));

    /** Where the two schemas are. */
    enum Topology {
        ONE_DATABASE,
        TWO_DATABASES;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Reads the properties.
     *
     * @param basedir the base of relative paths, unless a property says otherwise
     * @throws InvalidInputException if a property is not valid; the message lists every problem
     */
    static GenerationSettings read(Properties properties, Path basedir) {
        return new Reader(properties, basedir).read();
    }

    /** Reads one property after the other, and collects the errors. */
    private static final class Reader {

        private final Properties properties;
        private final Path base;
        private final List<String> problems = new ArrayList<>();

        Reader(Properties properties, Path basedir) {
            this.properties = properties;
            this.base =
                    basedir.resolve(text(BASEDIR).orElse("")).toAbsolutePath().normalize();
        }

        GenerationSettings read() {
            for (String name : new TreeSet<>(properties.stringPropertyNames())) {
                if (!KNOWN.contains(name)) {
                    problems.add("'%s' is not a property of CrossfadeDatabase; there are %s."
                            .formatted(name, String.join(", ", KNOWN)));
                }
            }
            Topology topology = choice(TOPOLOGY, Topology.ONE_DATABASE, Topology.values(), Topology::label);
            Side side = choice(SIDE, Side.MODERN, Side.values(), Side::label);
            if (topology == Topology.ONE_DATABASE && (has(SIDE) || has(MODERN_SCRIPTS))) {
                problems.add("'%s' and '%s' are for topology=two-databases; there is one database."
                        .formatted(SIDE, MODERN_SCRIPTS));
            }
            if (!has(MAPPING)) {
                problems.add("'%s' is missing. Name the mapping file, for example crossfade.yaml.".formatted(MAPPING));
            }
            Optional<String> repositoryPackage = text(REPOSITORY_PACKAGE);
            repositoryPackage
                    .filter(name -> !SourceVersion.isName(name))
                    .ifPresent(name -> problems.add(
                            "'%s' is %s, which is no name of a Java package.".formatted(REPOSITORY_PACKAGE, name)));
            GenerationSettings settings = new GenerationSettings(
                    base,
                    base.resolve(text(MAPPING).orElse("")),
                    names(SCRIPTS),
                    names(MODERN_SCRIPTS),
                    text(MIGRATIONS).map(base::resolve),
                    topology,
                    side,
                    repositoryPackage,
                    choice(SKIP_UNCHANGED, true, new Boolean[] {true, false}, String::valueOf));
            if (!problems.isEmpty()) {
                throw new InvalidInputException("The code generator's settings cannot be used.\n- "
                        + String.join("\n- ", problems) + "\nThey are the <properties> of the <database> element.");
            }
            return settings;
        }

        private boolean has(String name) {
            return text(name).isPresent();
        }

        private Optional<String> text(String name) {
            return Optional.ofNullable(properties.getProperty(name))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty());
        }

        private List<String> names(String property) {
            return text(property).stream()
                    .flatMap(list -> Stream.of(list.split(",")))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
        }

        private <T> T choice(String name, T otherwise, T[] values, Function<T, String> label) {
            Optional<String> wanted = text(name);
            if (wanted.isEmpty()) {
                return otherwise;
            }
            List<String> labels = new ArrayList<>();
            for (T value : values) {
                if (label.apply(value).equals(wanted.get())) {
                    return value;
                }
                labels.add(label.apply(value));
            }
            problems.add("'%s' is %s; it can be %s.".formatted(name, wanted.get(), String.join(" or ", labels)));
            return otherwise;
        }
    }
}
