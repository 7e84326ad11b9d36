package dev.crossfade.check;

import dev.crossfade.check.ExpressionReads.Reads;
import dev.crossfade.check.LiveTable.Filling;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checks that every modern column has a role: restored, filled, derived or ignored. On the way back a column without
 * one would lose what was written to it on the modern side.
 */
final class RoleCheck {

    private final LiveMapping live;
    private final TableMapping mapping;
    private final MappingReads reads;
    private final List<Finding> findings = new ArrayList<>();

    RoleCheck(LiveMapping live, MappingReads reads) {
        this.live = live;
        this.mapping = live.mapping();
        this.reads = reads;
    }

    List<Finding> findings() {
        if (!live.inPlace()) {
            live.modern().ifPresent(this::columnsWithoutRole);
        }
        Set<String> readBack = columnsReadBack();
        Set<String> kept = names(mapping.legacy().allColumns());
        Set<String> forgotten = new TreeSet<>();
        for (Derived one : mapping.project()) {
            if (readBack.contains(one.column().name())) {
                reads.of(Side.LEGACY, one).columns().stream()
                        .filter(column -> !kept.contains(column))
                        .forEach(forgotten::add);
            } else if (isThere(one) && !mapping.roles().isDerived(one.column())) {
                notRestored(one);
            }
        }
        mapping.roles().derived().stream().sorted().forEach(name -> derived(name, readBack));
        forgotten.forEach(this::forgotten);
        mapping.restore().forEach(this::restoredFromFilled);
        return findings;
    }

    private void columnsWithoutRole(LiveTable table) {
        Set<String> known = names(mapping.modern().allColumns());
        known.addAll(mapping.roles().derived());
        known.addAll(mapping.roles().ignored());
        // generated columns follow from other columns of the row; columns that must be written are reported elsewhere
        List<String> without = table.columns().stream()
                .filter(column -> !known.contains(column.name())
                        && column.filling() != Filling.GENERATED
                        && !column.mustBeWritten())
                .map(LiveColumn::name)
                .toList();
        if (!without.isEmpty()) {
            findings.add(Finding.gated(
                    live.path("modern"),
                    "%s of %s %s no role: nothing restores %s, so that the way back would lose what a service writes there."
                            .formatted(
                                    String.join(", ", without),
                                    table,
                                    without.size() == 1 ? "has" : "have",
                                    without.size() == 1 ? "it" : "them"),
                    "Add each under project, with a restore expression over it, or under fill, derived or ignore."));
        }
    }

    private boolean isThere(Derived one) {
        return live.modern().flatMap(table -> table.column(one.column().name())).isPresent();
    }

    private void notRestored(Derived one) {
        String name = one.column().name();
        Reads read = reads.of(Side.LEGACY, one);
        String from = "nothing but constants";
        if (!read.columns().isEmpty()) {
            from = String.join(", ", new TreeSet<>(read.columns()));
        } else if (read.readsMore()) {
            from = "other tables alone";
        }
        findings.add(Finding.gated(
                live.path("project", name),
                "The way back loses the modern column '%s': it follows from %s, and no restore expression reads it."
                        .formatted(name, from),
                "Add a restore expression over '%s', or list it under derived, if a service never sets it, or under ignore."
                        .formatted(name)));
    }

    private void derived(String name, Set<String> readBack) {
        String path = live.path("derived", name);
        boolean projected =
                mapping.project().stream().anyMatch(one -> one.column().name().equals(name));
        boolean elsewhere = names(mapping.modern().allColumns()).contains(name) && !projected;
        if (elsewhere || mapping.roles().ignored().contains(name)) {
            findings.add(Finding.error(
                    path,
                    "The column '%s' has two roles.".formatted(name),
                    "Leave it under derived alone, with or without an expression under project."));
        } else if (readBack.contains(name)) {
            findings.add(
                    Finding.error(
                            path,
                            "The column '%s' is derived, and a restore expression reads it.".formatted(name),
                            "Take it off derived, if what a service writes to it is carried back; else restore from other columns."));
        } else if (projected && !isSetByDatabase(name)) {
            findings.add(Finding.warning(
                    path,
                    "The derived column '%s' has neither a default nor a trigger on %s: while the modern side decides, nobody sets it in new rows."
                            .formatted(name, mapping.modern()),
                    "Before the authority moves, let the database set it: a trigger, or a generated column."));
        }
    }

    private boolean isSetByDatabase(String name) {
        return live.modern()
                .map(table -> !table.triggers().isEmpty()
                        || table.column(name)
                                .map(column -> column.filling() != Filling.NONE)
                                .orElse(true))
                .orElse(true);
    }

    private void forgotten(String column) {
        findings.add(Finding.warning(
                live.path("restore"),
                "The legacy column '%s' is read by project and not restored: a row first written on the modern side gets its default there, and a change is not carried back."
                        .formatted(column),
                "Add it under restore, unless that is meant."));
    }

    /** A legacy change of such a column would never reach the modern value, which is never overwritten. */
    private void restoredFromFilled(Derived one) {
        reads.of(Side.MODERN, one).columns().stream()
                .filter(column -> mapping.roles().filling(column).isPresent())
                .forEach(filled -> findings.add(Finding.warning(
                        live.path("restore", one.column().name()),
                        "The legacy column '%s' is restored from '%s', which is filled: once that has a value, what legacy code changes in '%1$s' does not change it."
                                .formatted(one.column().name(), filled),
                        "Make sure that legacy code only ever gives '%s' a value and never takes it back."
                                .formatted(one.column().name()))));
    }

    private Set<String> columnsReadBack() {
        Set<String> columns = new HashSet<>();
        mapping.restore()
                .forEach(one -> columns.addAll(reads.of(Side.MODERN, one).columns()));
        return columns;
    }

    private static Set<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.toCollection(HashSet::new));
    }
}
