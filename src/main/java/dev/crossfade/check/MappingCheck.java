package dev.crossfade.check;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jooq.Name;

/**
 * Checks mappings against the live tables and collects all problems. It changes nothing: each query is part of a
 * read-only transaction that is rolled back. Thread-safe.
 */
public final class MappingCheck {

    private final Databases databases;

    /** Creates the check of mappings between these databases. */
    public MappingCheck(Databases databases) {
        this.databases = databases;
    }

    /**
     * Returns all findings about all mappings, empty if there are none. Mappings of a service are checked together:
     * whether a foreign key is harmless depends on the other mapped tables.
     *
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    public List<Finding> check(Collection<TableMapping> mappings) {
        return check(mappings, live -> true);
    }

    /**
     * Returns all findings about one of the mappings; only its expressions are tried.
     *
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    public List<Finding> check(Collection<TableMapping> mappings, TableMapping one) {
        LiveMapping wanted = new LiveMapping(one, Optional.empty(), Optional.empty());
        return check(mappings, live -> live.mapping().equals(one)).stream()
                .filter(finding -> isAbout(wanted, finding))
                .toList();
    }

    private List<Finding> check(Collection<TableMapping> mappings, Predicate<LiveMapping> tried) {
        Catalogs catalogs = Catalogs.read(databases, names(mappings, Side.LEGACY), names(mappings, Side.MODERN));
        List<Finding> findings = new ArrayList<>();
        List<LiveMapping> live = new ArrayList<>();
        for (TableMapping mapping : mappings) {
            LiveMapping one = new LiveMapping(
                    mapping, catalogs.table(mapping, Side.LEGACY), catalogs.table(mapping, Side.MODERN));
            live.add(one);
            findings.addAll(missingTables(catalogs, one));
            findings.addAll(new StructureCheck(one).findings());
        }
        List<LiveMapping> asked = live.stream().filter(tried).toList();
        Map<LiveMapping, MappingReads> reads = MappingReads.ask(databases, asked);
        asked.forEach(one -> findings.addAll(new RoleCheck(one, reads(reads, one)).findings()));
        findings.addAll(new TableUseCheck(live, reads, databases.areShared()).findings());
        findings.addAll(new TableShapeCheck(live, databases.areShared()).findings());
        findings.addAll(ask(asked, reads, findings));
        return findings.stream().distinct().toList();
    }

    private static MappingReads reads(Map<LiveMapping, MappingReads> all, LiveMapping one) {
        return Objects.requireNonNull(all.get(one));
    }

    /** In a column mapping both sides' columns are in the legacy database. */
    private static List<Name> names(Collection<TableMapping> mappings, Side side) {
        List<Name> names = new ArrayList<>();
        mappings.stream()
                .filter(mapping -> side == Side.LEGACY || mapping.kind() == TableMapping.Kind.TABLE)
                .forEach(mapping -> names.add(mapping.relation(side).qualifiedName()));
        return names;
    }

    private List<Finding> missingTables(Catalogs catalogs, LiveMapping live) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : live.sides()) {
            if (live.table(side).isEmpty()) {
                Relation relation = live.mapping().relation(side);
                String where = databases.areShared() ? "the database" : "the " + side.label() + " database";
                findings.add(
                        Finding.error(
                                live.path(live.inPlace() ? "table" : side.label()),
                                "There is no table %s in %s.".formatted(relation, where),
                                catalogs.of(side)
                                        .tableRemedy(
                                                relation.qualifiedName(),
                                                "Create it, or name the table as schema.table; names with capitals need double quotes.")));
            }
        }
        return findings;
    }

    /** The checks that need the servers, one query at a time. */
    private List<Finding> ask(List<LiveMapping> live, Map<LiveMapping, MappingReads> reads, List<Finding> before) {
        try (Probes probes = Probes.open(databases)) {
            return ask(live, reads, before, probes);
        }
    }

    private static List<Finding> ask(
            List<LiveMapping> live, Map<LiveMapping, MappingReads> reads, List<Finding> before, Probes probes) {
        List<Finding> findings = new ArrayList<>();
        for (LiveMapping one : live) {
            List<Finding> found = new ArrayList<>();
            for (Side side : Side.values()) {
                one.table(side)
                        .ifPresent(source -> found.addAll(expressions(one, reads(reads, one), side, source, probes)));
            }
            boolean sound = Stream.concat(before.stream(), found.stream())
                    .noneMatch(finding -> finding.isError() && isAbout(one, finding));
            if (sound) {
                found.addAll(new RoundTripCheck(one, probes.legacy(), SourceRow.SAMPLE)
                        .compare()
                        .findings());
            }
            findings.addAll(found);
        }
        return findings;
    }

    private static boolean isAbout(LiveMapping live, Finding finding) {
        return finding.path().equals(live.path()) || finding.path().startsWith(live.path() + ".");
    }

    private static List<Finding> expressions(
            LiveMapping live, MappingReads reads, Side side, LiveTable source, Probes probes) {
        SourceRow row = new SourceRow(live, side);
        Probe probe = probes.of(live, side);
        ExpressionCheck check = new ExpressionCheck(row, source, reads, probes);
        List<Finding> findings = new ArrayList<>(check.keyFindings());
        findings.addAll(new ReadableKeysCheck(row, probe).findings());
        // without an index over the key, finding the first rows would sort the whole table
        boolean keyed = source.uniqueKeys().stream()
                .anyMatch(key -> key.isOver(names(row.relation().key())));
        List<Derived> accepted = new ArrayList<>();
        for (Derived derived : live.derivedOn(side.opposite())) {
            List<Finding> found = check.findings(derived);
            findings.addAll(found);
            if (keyed
                    && found.stream().noneMatch(Finding::isError)
                    && !derived.column().type().isEmpty()) {
                accepted.add(derived);
            }
        }
        findings.addAll(new RowCheck(row, probe).findings(accepted));
        return findings;
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).toList();
    }
}
