package dev.crossfade.check;

import dev.crossfade.check.LiveTable.ForeignKey;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.check.LiveTable.UniqueKey;
import dev.crossfade.mapping.Column;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.Name;

/**
 * Checks the kinds of the mapped tables: those that share rows with others, whose statements are rewritten, that lose
 * rows in a crash, whose rows refer to large objects, and those that refer to each other in a cycle.
 */
final class TableShapeCheck {

    private static final Set<String> LARGE_OBJECTS = Set.of("oid", "lo");

    private final List<LiveMapping> all;
    private final boolean sharedDatabase;
    private final List<Finding> findings = new ArrayList<>();

    TableShapeCheck(List<LiveMapping> all, boolean sharedDatabase) {
        this.all = all;
        this.sharedDatabase = sharedDatabase;
    }

    List<Finding> findings() {
        for (LiveMapping live : all) {
            for (Side side : live.sides()) {
                live.table(side).ifPresent(table -> {
                    shape(live, side, table);
                    uniqueValues(live, side, table);
                });
            }
            if (!live.inPlace()) {
                largeObjects(live);
            }
        }
        circles();
        return findings;
    }

    private void shape(LiveMapping live, Side side, LiveTable table) {
        TableShape shape = table.shape();
        if (!shape.children().isEmpty()) {
            findings.add(
                    Finding.error(
                            path(live, side),
                            "Other tables inherit from %s (%s), so that their rows are read and changed as its own, and its key is not unique among them."
                                    .formatted(table, String.join(", ", shape.children())),
                            "Map tables without children: end it with ALTER TABLE … NO INHERIT, or partition the table instead."));
        }
        if (shape.partition()) {
            findings.add(Finding.warning(
                    path(live, side),
                    "The table %s is a partition of %s: what is written through that one, or moves to another partition, goes past the service, and capture does not see it."
                            .formatted(table, String.join(", ", shape.parents())),
                    "Map the partitioned table."));
        } else if (!shape.parents().isEmpty()) {
            findings.add(Finding.error(
                    path(live, side),
                    "The table %s inherits from %s: what is written through that one goes past the service, and capture does not see it."
                            .formatted(table, String.join(", ", shape.parents())),
                    "End it with ALTER TABLE … NO INHERIT, or partition the parent and map that."));
        }
        if (!shape.rules().isEmpty()) {
            findings.add(Finding.error(
                    path(live, side),
                    "Rules rewrite the statements on %s (%s), so that other rows would be written than the mapping says, or none, and an upsert is refused."
                            .formatted(table, String.join(", ", shape.rules())),
                    "Make triggers of them, or drop them: DROP RULE … ON …."));
        }
        if (!shape.logged()) {
            findings.add(Finding.error(
                    path(live, side),
                    "The table %s is unlogged: a crash of the server empties it, and its rows would be deleted on the other side too."
                            .formatted(table),
                    "ALTER TABLE … SET LOGGED."));
        }
    }

    /** The key's own index is checked elsewhere. */
    private void uniqueValues(LiveMapping live, Side side, LiveTable table) {
        List<String> key =
                live.mapping().relation(side).key().stream().map(Column::name).toList();
        table.uniqueKeys().stream()
                .filter(unique -> !unique.deterministic() && !unique.isOver(key))
                .filter(unique -> !hasAlike(live, side, unique))
                .forEach(unique -> findings.add(Finding.warning(
                        path(live, side),
                        "The unique index '%s' of %s has a collation in which different texts are equal, and the %s side has none like it: rows that differ there may exclude each other here, and would be missed."
                                .formatted(unique.name(), table, side.opposite().label()),
                        "Make sure that no two rows have such texts, or give both sides the same rule.")));
    }

    /** An approximation that ignores which column follows from which: some unique index over as many columns. */
    private static boolean hasAlike(LiveMapping live, Side side, UniqueKey unique) {
        return !live.inPlace()
                && live.table(side.opposite()).stream()
                        .flatMap(table -> table.uniqueKeys().stream())
                        .anyMatch(other -> !other.deterministic()
                                && other.columns().size() == unique.columns().size());
    }

    /** The values are OIDs of large objects; the objects themselves are in no table and are not copied. */
    private void largeObjects(LiveMapping live) {
        for (Side side : Side.values()) {
            Set<String> written = new HashSet<>(live.derivedOn(side).stream()
                    .map(one -> one.column().name())
                    .toList());
            live.table(side).stream()
                    .flatMap(table -> table.columns().stream())
                    .filter(column -> written.contains(column.name()) && isLargeObject(column))
                    .forEach(column -> findings.add(
                            largeObject(live.path(LiveMapping.section(side), column.name()), live, side, column)));
        }
    }

    private Finding largeObject(String path, LiveMapping live, Side side, LiveColumn column) {
        String what = "The column '%s' of %s is of type %s, which names large objects"
                .formatted(column.name(), live.mapping().relation(side), column.type());
        return sharedDatabase
                ? Finding.warning(
                        path,
                        what
                                + ": both sides would name the same object, and whatever removes those of one side takes it from the other.",
                        "Keep vacuumlo and triggers such as lo_manage away from both tables until the legacy one is gone; a number that names nothing may be bigint.")
                : Finding.error(
                        path,
                        what + " within their database: they are not copied to the other one.",
                        "Store the content in a bytea column; a number that names no large object may be bigint on both sides.");
    }

    private static boolean isLargeObject(LiveColumn column) {
        return Stream.concat(Stream.of(column.type()), column.parts().stream())
                .map(type -> type.substring(type.lastIndexOf('.') + 1))
                .anyMatch(LARGE_OBJECTS::contains);
    }

    /**
     * A foreign key from the table of one entity to that of another.
     *
     * @param loose whether a row can be written before the row that it refers to
     * @param toKey whether it refers to the key by which the other entity is mapped
     */
    private record Edge(LiveMapping from, LiveMapping to, ForeignKey key, boolean loose, boolean toKey) {

        static Edge of(LiveMapping from, LiveMapping to, ForeignKey key, Side side) {
            List<String> own = names(from.mapping().relation(side).key());
            LiveTable table = from.table(side).orElseThrow();
            long emptied = key.columns().stream()
                    .filter(name -> !own.contains(name))
                    .flatMap(name -> table.column(name).stream())
                    .filter(column -> !column.notNull())
                    .count();
            return new Edge(
                    from,
                    to,
                    key,
                    key.deferrable() || (key.full() ? emptied == key.columns().size() : emptied > 0),
                    Set.copyOf(key.referencedColumns())
                            .equals(Set.copyOf(names(to.mapping().relation(side).key()))));
        }

        private static List<String> names(List<Column> columns) {
            return columns.stream().map(Column::name).toList();
        }
    }

    /** A table that refers to itself is fine: its rows are written together. */
    private void circles() {
        for (Side side : Side.values()) {
            Map<Name, LiveMapping> tables = new LinkedHashMap<>();
            all.stream()
                    .filter(live -> !live.inPlace() && live.table(side).isPresent())
                    .forEach(live -> tables.put(live.mapping().relation(side).qualifiedName(), live));
            List<Edge> edges = tables.values().stream()
                    .flatMap(live -> edges(live, side, tables))
                    .toList();
            for (LiveMapping live : tables.values()) {
                circle(live, edges.stream().filter(edge -> !edge.loose()).toList())
                        .ifPresentOrElse(
                                circle -> closed(live, side, circle),
                                () -> circle(live, edges).ifPresent(circle -> loose(live, side, circle)));
            }
        }
    }

    private static Stream<Edge> edges(LiveMapping live, Side side, Map<Name, LiveMapping> tables) {
        LiveTable table = live.table(side).orElseThrow();
        return table.foreignKeys().stream()
                .flatMap(key -> Optional.ofNullable(tables.get(key.referenced())).stream()
                        .filter(referenced -> !referenced.equals(live))
                        .map(referenced -> Edge.of(live, referenced, key, side)));
    }

    /** Returns the foreign keys on the shortest path from a table back to itself. */
    private static Optional<List<Edge>> circle(LiveMapping start, List<Edge> edges) {
        Map<LiveMapping, List<Edge>> ways = new LinkedHashMap<>();
        List<LiveMapping> next = new ArrayList<>(List.of(start));
        for (int i = 0; i < next.size(); i++) {
            LiveMapping here = next.get(i);
            for (Edge edge : edges) {
                if (!edge.from().equals(here)) {
                    continue;
                }
                List<Edge> way = new ArrayList<>(ways.getOrDefault(here, List.of()));
                way.add(edge);
                if (edge.to().equals(start)) {
                    return Optional.of(way);
                }
                if (ways.putIfAbsent(edge.to(), way) == null) {
                    next.add(edge.to());
                }
            }
        }
        return Optional.empty();
    }

    /** On the legacy side the service's own rows were inserted somehow, so only there it is no error. */
    private void closed(LiveMapping live, Side side, List<Edge> circle) {
        String problem =
                "The tables refer to each other in a circle of foreign keys that are not deferrable, over columns that may not be null (%s): no row of the %s side could be the first, and rows that need each other never get in."
                        .formatted(keys(side, circle), side.label());
        String remedy =
                "Make one of them deferrable: ALTER TABLE … ALTER CONSTRAINT … DEFERRABLE. Or leave it out on the %s side while it is the mirror, and add it when it decides: ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT."
                        .formatted(side.label());
        findings.add(
                side == Side.MODERN
                        ? Finding.error(path(live, side), problem, remedy)
                        : Finding.warning(path(live, side), problem, remedy));
    }

    private void loose(LiveMapping live, Side side, List<Edge> circle) {
        String tables = "The tables refer to each other in a circle (%s): ".formatted(keys(side, circle));
        String without =
                "leave one of these foreign keys out on the %s side while it is the mirror, and add it when it decides: ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT."
                        .formatted(side.label());
        findings.add(
                circle.stream().allMatch(Edge::toKey)
                        ? Finding.warning(
                                path(live, side),
                                tables
                                        + "rows that need each other are not mirrored by the statement that writes them, but after it, together; up to 10,000 at once.",
                                "Nothing needs to be done. Where more rows than that need each other, " + without)
                        : Finding.warning(
                                path(live, side),
                                tables
                                        + "one of them refers to other columns than the key by which that entity is mapped, so rows that need each other wait on the mirror, and never get in.",
                                "Let it refer to that key, or " + without));
    }

    private static String keys(Side side, List<Edge> circle) {
        return String.join(
                ", ",
                circle.stream()
                        .map(edge -> "'%s' of %s"
                                .formatted(
                                        edge.key().name(), edge.from().mapping().relation(side)))
                        .toList());
    }

    private static String path(LiveMapping live, Side side) {
        return live.path(live.inPlace() ? "table" : side.label());
    }
}
