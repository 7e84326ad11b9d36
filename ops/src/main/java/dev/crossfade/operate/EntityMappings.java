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
 * The usable entities of a mapping file, and why the others are left out. An error in one entity concerns that entity
 * alone: a dropped table, or an expression that no server accepts, must not keep anybody from the other tables of a
 * service.
 *
 * @param usable those that can be used, parents first
 * @param faulty those whose declaration is complete and which have errors
 * @param leftOut why each of the others cannot be used, by name
 * @param contracted those without a legacy side, by name: they are done, which is not an error
 * @param warnings what somebody should look at, by entity, in the order of the file's lines
 */
public record EntityMappings(
        List<TableMapping> usable,
        List<TableMapping> faulty,
        Map<String, CrossfadeException> leftOut,
        Map<String, Contraction> contracted,
        Map<String, List<String>> warnings) {

    /** How many warnings are shown when the command is about something else. */
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

    /** Registers the new ones. Leaves out those that are refused because their tables belong to another entity. */
    public EntityMappings register(Databases databases) {
        LostStages lost = new LostStages(databases, false);
        return where(mapping -> {
            lost.require(mapping);
            EntityTables.register(databases, mapping.entity(), mapping.tables());
        });
    }

    /** Leaves out those whose tables belong to another entity. */
    public EntityMappings require(Databases databases) {
        return where(mapping -> EntityTables.require(databases, mapping.entity(), mapping.tables()));
    }

    /** A check that an entity has to pass. */
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

    /** Returns what a gate may look at. The gate itself reports what is wrong with a mapping. */
    public List<TableMapping> declared() {
        return Stream.concat(usable.stream(), faulty.stream()).toList();
    }

    /** Returns only the given entities. */
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
     * Returns the mapping of the one entity that this contains.
     *
     * @throws ContractedException if it is contracted
     * @throws CrossfadeException if it cannot be used; the message says why
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

    /** Returns a line for each entity that is left out, with the reason. */
    public List<String> leftOutLines() {
        return leftOut.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Returns what somebody should look at, one line each, in the order of the file's lines. */
    public List<String> warningLines() {
        return warnings.values().stream().flatMap(List::stream).toList();
    }

    /** Returns a few lines about the warnings; none where there are no warnings. */
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

    /** Returns a line for each contracted entity. */
    public List<String> contractedLines() {
        return contracted.values().stream()
                .map(contraction -> contraction.text() + " There is nothing to do for it.")
                .toList();
    }

    /** Returns the line about an entity that is left out. */
    public static String line(String entity, CrossfadeException reason) {
        List<String> lines = String.valueOf(reason.getMessage()).lines().toList();
        String first =
                (reason instanceof InvalidInputException && lines.size() > 1 ? lines.get(1) : lines.getFirst()).strip();
        String more =
                lines.size() > 2 ? " And %s more; `crossfade status` lists them.".formatted(lines.size() - 2) : "";
        return "%s is left out: %s%s".formatted(entity, first, more);
    }

    /**
     * Makes sure that an entity can be used.
     *
     * @throws CrossfadeException if an entity is left out and none is usable; the message says why
     */
    public void requireAny() {
        if (usable.isEmpty() && !leftOut.isEmpty()) {
            throw leftOut.size() == 1 ? leftOut.values().iterator().next() : all();
        }
    }

    private CrossfadeException all() {
        return new InvalidInputException(problem().orElseThrow());
    }

    /** Returns every error of the entities that are left out, empty if there is none. */
    public Optional<String> problem() {
        List<String> lines = leftOut.values().stream()
                .flatMap(reason -> String.valueOf(reason.getMessage()).lines())
                .distinct()
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(System.lineSeparator(), lines));
    }
}
