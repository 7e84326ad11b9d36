package dev.crossfade.operate;

import dev.crossfade.control.ContractedException;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.flags.LostStages;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mappingfile.MappingFile;
import dev.crossfade.mappingfile.MappingReport;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The entities of a mapping file that can be worked on, and why the others are left out. What is wrong with one entity
 * concerns that one alone: a table that was dropped, or an expression that no server takes, must not keep anybody from
 * the other tables of a service.
 *
 * @param usable those that can be worked on, parents first
 * @param faulty those whose declaration is whole, and which have errors
 * @param leftOut why each of the others cannot, by name
 * @param contracted those that have no legacy side any more, by name: nothing is left to do with them, and nothing is
 *     wrong
 * @param warnings what somebody should look at, by entity, in the order of the file's lines
 */
public record EntityMappings(
        List<TableMapping> usable,
        List<TableMapping> faulty,
        Map<String, CrossfadeException> leftOut,
        Map<String, Contraction> contracted,
        Map<String, List<String>> warnings) {

    /** How many warnings are shown where something else is to be done. */
    static final int SHOWN = 3;

    private static final String UNUSABLE = "The mapping file cannot be used:%n  %s";

    /**
     * Reads the file.
     *
     * @param contracted the contracted entities, whether the file still has them or not
     * @throws InvalidInputException if it is missing, or wrong as a whole
     */
    public static EntityMappings read(Path file, Databases databases, Map<String, Contraction> contracted) {
        MappingReport report = MappingFile.inspect(file, databases, contracted.keySet());
        if (!report.fileErrorLines().isEmpty()) {
            throw unusable(report.errorLines());
        }
        Map<String, CrossfadeException> leftOut = new LinkedHashMap<>();
        report.unusable().forEach((entity, lines) -> leftOut.put(entity, unusable(lines)));
        List<TableMapping> faulty = report.mappings().stream()
                .filter(mapping -> leftOut.containsKey(mapping.entity()))
                .toList();
        List<TableMapping> usable = contracted.isEmpty()
                ? report.usable()
                : new ContractedParents(databases.controlDsl(), contracted.keySet()).restored(report.usable());
        return new EntityMappings(usable, faulty, leftOut, contracted, warnings(report));
    }

    private static Map<String, List<String>> warnings(MappingReport report) {
        Map<String, List<String>> warnings = new LinkedHashMap<>();
        Stream.concat(report.errors().stream().filter(error -> !error.finding().isFatal()), report.warnings().stream())
                .forEach(warning -> warnings.computeIfAbsent(
                                warning.finding().entity().orElse(""), entity -> new ArrayList<>())
                        .add(warning.in(report.file())));
        return warnings;
    }

    private static InvalidInputException unusable(List<String> lines) {
        return new InvalidInputException(UNUSABLE.formatted(String.join(System.lineSeparator() + "  ", lines)));
    }

    /** Makes those known that are new; leaves those out that are refused, as their tables belong to another entity. */
    public EntityMappings register(Databases databases) {
        LostStages lost = new LostStages(databases, false);
        return where(mapping -> {
            lost.require(mapping);
            EntityTables.register(databases, mapping.entity(), mapping.tables());
        });
    }

    /** Leaves those out whose tables belong to another entity. */
    public EntityMappings require(Databases databases) {
        return where(mapping -> EntityTables.require(databases, mapping.entity(), mapping.tables()));
    }

    /** What an entity has to pass. */
    @FunctionalInterface
    private interface Requirement {

        void check(TableMapping mapping);
    }

    private EntityMappings where(Requirement requirement) {
        Map<String, CrossfadeException> refused = new LinkedHashMap<>(leftOut);
        List<TableMapping> passed = new ArrayList<>();
        for (TableMapping mapping : usable) {
            try {
                requirement.check(mapping);
                passed.add(mapping);
            } catch (RefusedException e) {
                refused.put(mapping.entity(), e);
            }
        }
        return new EntityMappings(List.copyOf(passed), faulty, refused, contracted, warnings);
    }

    /** Returns what a gate may look at: it says itself what is wrong with a mapping. */
    public List<TableMapping> declared() {
        return Stream.concat(usable.stream(), faulty.stream()).toList();
    }

    /** Returns the part of this that is about some entities. */
    public EntityMappings of(Set<String> entities) {
        Map<String, CrossfadeException> out = new LinkedHashMap<>(leftOut);
        out.keySet().retainAll(entities);
        Map<String, Contraction> done = new TreeMap<>(contracted);
        done.keySet().retainAll(entities);
        Map<String, List<String>> doubts = new LinkedHashMap<>(warnings);
        doubts.keySet().retainAll(entities);
        return new EntityMappings(of(entities, usable), of(entities, faulty), out, done, doubts);
    }

    /**
     * Returns the one entity that this is about.
     *
     * @throws ContractedException if it is contracted
     * @throws CrossfadeException if it cannot be worked on: why
     */
    public TableMapping only() {
        requireAny();
        contracted.values().stream().findFirst().ifPresent(contraction -> {
            throw new ContractedException(contraction);
        });
        return usable.getFirst();
    }

    private static List<TableMapping> of(Set<String> entities, List<TableMapping> mappings) {
        return mappings.stream()
                .filter(mapping -> entities.contains(mapping.entity()))
                .toList();
    }

    /** Returns the names of all entities in the file, and of those that are contracted. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(leftOut.keySet());
        names.addAll(contracted.keySet());
        usable.forEach(mapping -> names.add(mapping.entity()));
        return names;
    }

    /** Returns what is said of each entity that is left out, one line each. */
    public List<String> leftOutLines() {
        return leftOut.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Returns what somebody should look at, one line each, in the order of the file's lines. */
    public List<String> warningLines() {
        return warnings.values().stream().flatMap(List::stream).toList();
    }

    /** Returns what is said of the warnings, one line each; nothing where there are none. */
    public List<String> shortWarningLines() {
        List<String> all = warningLines();
        List<String> shown = all.stream()
                .limit(SHOWN)
                .map("warning: %s"::formatted)
                .collect(Collectors.toCollection(ArrayList::new));
        if (all.size() > SHOWN) {
            shown.add("And %s more warnings: `crossfade check%s` shows them."
                    .formatted(
                            all.size() - SHOWN,
                            warnings.keySet().stream()
                                    .map(entity -> " " + entity)
                                    .collect(Collectors.joining())));
        }
        return shown;
    }

    /** Returns what is said of each entity that is contracted, one line each. */
    public List<String> contractedLines() {
        return contracted.values().stream()
                .map(contraction -> contraction.text() + " There is nothing to do for it.")
                .toList();
    }

    /** Returns what is said of an entity that is left out. */
    public static String line(String entity, CrossfadeException reason) {
        List<String> lines = String.valueOf(reason.getMessage()).lines().toList();
        String first =
                (reason instanceof InvalidInputException && lines.size() > 1 ? lines.get(1) : lines.getFirst()).strip();
        String more =
                lines.size() > 2 ? " And %s more; `crossfade status` lists them.".formatted(lines.size() - 2) : "";
        return "%s is left out: %s%s".formatted(entity, first, more);
    }

    /**
     * Throws why none of the usable entities would be left.
     *
     * @throws CrossfadeException if there is one that is left out and none that is usable
     */
    public void requireAny() {
        if (usable.isEmpty() && !leftOut.isEmpty()) {
            throw leftOut.size() == 1 ? leftOut.values().iterator().next() : all();
        }
    }

    private CrossfadeException all() {
        return new InvalidInputException(problem().orElseThrow());
    }

    /** Returns everything that is wrong with the entities that are left out, empty if there is none. */
    public Optional<String> problem() {
        List<String> lines = leftOut.values().stream()
                .flatMap(reason -> String.valueOf(reason.getMessage()).lines())
                .distinct()
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(System.lineSeparator(), lines));
    }
}
