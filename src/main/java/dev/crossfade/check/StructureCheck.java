package dev.crossfade.check;

import dev.crossfade.check.LiveTable.Filling;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.check.LiveTable.UniqueKey;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.KeyTypes;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.sql.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks the columns of one mapping against the catalog: do they exist, can they be written, is the key unique. */
final class StructureCheck {

    private final LiveMapping live;
    private final TableMapping mapping;
    private final List<Finding> findings = new ArrayList<>();

    StructureCheck(LiveMapping live) {
        this.live = live;
        this.mapping = live.mapping();
    }

    List<Finding> findings() {
        keyColumns();
        for (Side side : live.sides()) {
            live.table(side).ifPresent(table -> uniqueKey(side, table));
        }
        for (Side side : Side.values()) {
            live.table(side).ifPresent(table -> {
                targets(side, table);
                if (live.inPlace()) {
                    writtenLater(side, table);
                } else {
                    unmapped(live.path(LiveMapping.section(side)), side, table);
                }
            });
        }
        if (live.inPlace()) {
            live.legacy().ifPresent(table -> unmapped(live.path("ignore"), Side.LEGACY, table));
        }
        return findings;
    }

    private void keyColumns() {
        if (mapping.legacy().key().isEmpty()) {
            findings.add(Finding.error(
                    live.path("key"),
                    "The key has no columns.",
                    "Name the columns that identify a row on both sides."));
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < mapping.legacy().key().size(); i++) {
            Column legacy = mapping.legacy().key().get(i);
            Column modern = mapping.modern().key().get(i);
            String path = live.path("key", legacy.name());
            boolean usable = true;
            for (Side side : live.sides()) {
                Column column = side == Side.LEGACY ? legacy : modern;
                if (!seen.add(side + column.name())) {
                    findings.add(Finding.error(
                            path,
                            "The column '%s' is named twice in the key.".formatted(column.name()),
                            "Name it once."));
                }
                Optional<LiveTable> table = live.table(side);
                usable &= table.isPresent() && keyColumn(path, table.get(), column);
            }
            if (usable && !KeyTypes.fits(legacy, modern)) {
                findings.add(
                        Finding.error(
                                path,
                                "The legacy key column '%s' is %s, and the modern one, '%s', is %s, which cannot take every value of it unchanged."
                                        .formatted(legacy.name(), legacy.type(), modern.name(), modern.type()),
                                "Give the modern column the same type or a wider one of the same kind, and project the new type into a column of its own, which takes over as the key once the legacy side is gone."));
            }
        }
    }

    private boolean keyColumn(String path, LiveTable table, Column column) {
        Optional<LiveColumn> found = known(path, table, column);
        found.filter(one -> !one.notNull())
                .ifPresent(one -> findings.add(Finding.error(
                        path,
                        "The key column '%s' of %s may be null.".formatted(one.name(), table),
                        "Declare it NOT NULL: a row without a key cannot be mirrored.")));
        found.ifPresent(one -> writable(path, table, one));
        found.flatMap(UnfitKey::of)
                .ifPresent(unfit -> findings.add(Finding.error(
                        path,
                        "The key column '%s' of %s is %s, which %s."
                                .formatted(column.name(), table, column.type(), unfit.reason()),
                        unfit.remedy())));
        return found.isPresent();
    }

    private void uniqueKey(Side side, LiveTable table) {
        List<String> key =
                mapping.relation(side).key().stream().map(Column::name).toList();
        if (key.isEmpty() || !new HashSet<>(table.columnNames()).containsAll(key)) {
            return;
        }
        List<UniqueKey> over =
                table.uniqueKeys().stream().filter(unique -> unique.isOver(key)).toList();
        if (over.isEmpty()) {
            findings.add(Finding.error(
                    live.path("key"),
                    "The key (%s) is not unique in %s: no primary key, unique constraint or unique index is over exactly these columns and all rows."
                            .formatted(String.join(", ", key), table),
                    keyRemedy(table)));
        } else if (over.stream().allMatch(UniqueKey::deferrable)) {
            findings.add(Finding.error(
                    live.path("key"),
                    "The key (%s) of %s is only guarded by the deferrable constraint '%s', which an upsert cannot use."
                            .formatted(
                                    String.join(", ", key),
                                    table,
                                    over.getFirst().name()),
                    "Make it not deferrable, or add a unique index over the same columns."));
        }
        over.stream()
                .filter(unique -> !unique.deterministic() && areDeterministic(table, key))
                .forEach(unique -> findings.add(Finding.error(
                        live.path("key"),
                        "The unique index '%s' over the key (%s) of %s has a collation in which different texts are equal, so that one key's row would be taken for another's."
                                .formatted(unique.name(), String.join(", ", key), table),
                        "Drop it, or build it with a deterministic collation.")));
    }

    private static boolean areDeterministic(LiveTable table, List<String> columns) {
        return columns.stream()
                .allMatch(name ->
                        table.column(name).map(LiveColumn::deterministic).orElse(true));
    }

    private static String keyRemedy(LiveTable table) {
        List<String> keys = table.uniqueKeys().stream()
                .map(unique -> "(" + String.join(", ", unique.columns()) + ")")
                .distinct()
                .toList();
        return "Add a unique index over them" + (keys.isEmpty() ? "." : ", or use " + String.join(" or ", keys) + ".");
    }

    /** The columns of {@code side} that follow from the other side's row. */
    private void targets(Side side, LiveTable table) {
        Set<String> seen = new HashSet<>();
        mapping.relation(side).key().forEach(column -> seen.add(column.name()));
        Set<String> opposite = new HashSet<>();
        if (live.inPlace()) {
            live.derivedOn(side.opposite())
                    .forEach(one -> opposite.add(one.column().name()));
        }
        for (Derived derived : live.derivedOn(side)) {
            Column column = derived.column();
            String path = live.path(side, derived);
            known(path, table, column).ifPresent(one -> writable(path, table, one));
            if (!seen.add(column.name())) {
                findings.add(Finding.error(
                        path,
                        "The column '%s' gets a value more than once: it is part of the key, or listed twice."
                                .formatted(column.name()),
                        "Leave one of them; the key's columns get theirs from the key."));
            }
            if (side == Side.MODERN && opposite.contains(column.name())) {
                findings.add(
                        Finding.error(
                                path,
                                "The column '%s' is under project and under restore.".formatted(column.name()),
                                "A column of the one table is modern (under project), legacy (under restore) or shared (under neither)."));
            }
        }
    }

    private void writable(String path, LiveTable table, LiveColumn column) {
        if (column.filling() == Filling.GENERATED) {
            findings.add(Finding.error(
                    path,
                    "The column '%s' of %s is generated by the database and cannot be written."
                            .formatted(column.name(), table),
                    "Leave it out of the mapping."));
        } else if (column.filling() == Filling.IDENTITY_ALWAYS) {
            findings.add(Finding.error(
                    path,
                    "The column '%s' of %s is GENERATED ALWAYS AS IDENTITY, so that no mirrored value can be written to it."
                            .formatted(column.name(), table),
                    "Declare it GENERATED BY DEFAULT: ALTER TABLE … ALTER COLUMN … SET GENERATED BY DEFAULT."));
        }
    }

    private void unmapped(String path, Side side, LiveTable table) {
        Set<String> written = live.written(side);
        for (LiveColumn column : table.columns()) {
            if (column.mustBeWritten() && !written.contains(column.name())) {
                findings.add(Finding.error(
                        path,
                        "The column '%s' of %s is NOT NULL without a default, and nothing writes it."
                                .formatted(column.name(), table),
                        live.inPlace()
                                ? "Take it off the ignored columns, give it a default, or drop its NOT NULL."
                                : "Add it under %s, give it a default, or drop its NOT NULL."
                                        .formatted(LiveMapping.section(side))));
            }
        }
    }

    /** In a column mapping a row is inserted with the authoritative side's columns; the others follow later. */
    private void writtenLater(Side side, LiveTable table) {
        for (Derived derived : live.derivedOn(side)) {
            table.column(derived.column().name())
                    .filter(column -> column.mustBeWritten()
                            || (column.notNull() && mapping.roles().isFilled(column.column())))
                    .ifPresent(column -> findings.add(Finding.error(
                            live.path(side, derived),
                            "The %s column '%s' of %s is NOT NULL without a default, but rows are first written without it and it follows."
                                    .formatted(side.label(), column.name(), table),
                            "Drop its NOT NULL until the migration is done, or give it a default.")));
        }
    }

    private Optional<LiveColumn> known(String path, LiveTable table, Column column) {
        Optional<LiveColumn> found = table.column(column.name());
        if (found.isEmpty()) {
            findings.add(Finding.error(
                    path,
                    "The table %s has no column '%s'.".formatted(table, column.name()),
                    Spelling.remedy(
                            column.name(),
                            table.columnNames(),
                            "Its columns are: %s.".formatted(String.join(", ", table.columnNames())))));
        } else if (!found.get().type().equals(column.type())) {
            findings.add(Finding.error(
                    path,
                    "The mapping knows the column '%s' of %s as %s, but it is %s."
                            .formatted(
                                    column.name(),
                                    table,
                                    column.type(),
                                    found.get().type()),
                    "Generate the repositories again from the tables as they are."));
        } else if (!column.isUnderstoodAs(found.get().column())) {
            findings.add(Finding.error(
                    path,
                    "The mapping does not know that the column '%s' of %s, which is %s, is of %s below its domains."
                            .formatted(
                                    column.name(),
                                    table,
                                    column.type(),
                                    found.get().column().base()),
                    "Generate the repositories again: a value that is too long would be cut off in silence."));
        }
        return found;
    }
}
