package dev.crossfade.check;

import dev.crossfade.check.LiveTable.Action;
import dev.crossfade.check.LiveTable.ForeignKey;
import dev.crossfade.check.LiveTable.Trigger;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.impl.DSL;

/** Checks how the tables of all entities interact: shared tables, references between them, triggers on them. */
final class TableUseCheck {

    private static final String CONTROL_SCHEMA = "crossfade";

    private final List<LiveMapping> all;
    private final Map<LiveMapping, MappingReads> reads;
    private final boolean sharedDatabase;
    private final List<Finding> findings = new ArrayList<>();

    TableUseCheck(List<LiveMapping> all, Map<LiveMapping, MappingReads> reads, boolean sharedDatabase) {
        this.all = all;
        this.reads = reads;
        this.sharedDatabase = sharedDatabase;
    }

    /** A table in one of the two databases. */
    private record Place(boolean legacyDatabase, Name table) {}

    List<Finding> findings() {
        Map<Place, String> owners = new HashMap<>();
        for (LiveMapping live : all) {
            for (Side side : live.sides()) {
                own(owners, live, side);
                live.table(side).ifPresent(table -> {
                    table.foreignKeys().forEach(key -> reference(live, side, key));
                    table.triggers().forEach(trigger -> trigger(live, side, trigger));
                });
            }
        }
        return findings;
    }

    private void own(Map<Place, String> owners, LiveMapping live, Side side) {
        Relation relation = live.mapping().relation(side);
        if (relation.schema().equals(CONTROL_SCHEMA)) {
            findings.add(Finding.error(
                    path(live, side),
                    "The table %s is one of Crossfade's own.".formatted(relation),
                    "Name a table of the service."));
        }
        String use = "the %s table of '%s'"
                .formatted(live.inPlace() ? "one" : side.label(), live.mapping().entity());
        String other = owners.putIfAbsent(place(relation, side), use);
        if (other != null) {
            findings.add(Finding.error(
                    path(live, side),
                    "The table %s is already %s.".formatted(relation, other),
                    "Map each table once; for columns of one table, use 'table' instead of legacy and modern."));
        }
    }

    private Place place(Relation relation, Side side) {
        return new Place(sharedDatabase || side == Side.LEGACY, relation.qualifiedName());
    }

    private void reference(LiveMapping live, Side side, ForeignKey key) {
        Map<String, Action> actions = Map.of("DELETE", key.onDelete(), "UPDATE", key.onUpdate());
        actions.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            if (entry.getValue().changesRows()) {
                action(live, side, key, entry.getKey());
            }
        });
    }

    private void action(LiveMapping live, Side side, ForeignKey key, String event) {
        List<LiveMapping> parents = all.stream()
                .filter(parent ->
                        parent.mapping().relation(side).qualifiedName().equals(key.referenced()))
                .toList();
        String does = "ON %s %s".formatted(event, action(key, event).sql());
        String what = "The foreign key '%s' of %s does %s"
                .formatted(key.name(), live.mapping().relation(side), does);
        if (live.inPlace()) {
            inPlace(live, key, event, what);
        } else if (parents.isEmpty()) {
            findings.add(
                    Finding.warning(
                            path(live, side),
                            "%s when rows of %s change, which no entity maps: what it changes is not mirrored."
                                    .formatted(
                                            what,
                                            String.join(".", key.referenced().getName())),
                            "Let the service change these rows through the repository, or drop the action; verify --repair finds what was missed."));
        } else if (parents.stream().noneMatch(parent -> mirrored(live, side, parent, key, event))) {
            findings.add(Finding.error(
                    path(live, side),
                    "%s, which the routing layer does not see, and the %s side does not do the same."
                            .formatted(what, side.opposite().label()),
                    "Give the %s table the same foreign key %s, or drop the action and let the service make the change."
                            .formatted(side.opposite().label(), does)));
        }
    }

    /**
     * In a column mapping a deleted row is gone for both sides; a changed column matters only if the other side
     * follows from it.
     */
    private void inPlace(LiveMapping live, ForeignKey key, String event, String what) {
        boolean rowGoes = event.equals("DELETE") && key.onDelete() == Action.CASCADE;
        Set<String> used = new HashSet<>();
        for (Side side : Side.values()) {
            live.derivedOn(side.opposite()).forEach(one -> {
                used.add(one.column().name());
                Optional.ofNullable(reads.get(live))
                        .ifPresent(read -> used.addAll(read.of(side, one).columns()));
            });
        }
        used.retainAll(key.columns());
        if (!rowGoes && !used.isEmpty()) {
            findings.add(Finding.error(
                    path(live, Side.LEGACY),
                    "%s, which the routing layer does not see, and mapped columns follow from what it changes (%s)."
                            .formatted(
                                    what,
                                    String.join(", ", used.stream().sorted().toList())),
                    "Drop the action and let the service make the change."));
        }
    }

    private static boolean mirrored(LiveMapping live, Side side, LiveMapping parent, ForeignKey key, String event) {
        Name mirrorParent = parent.mapping().relation(side.opposite()).qualifiedName();
        return live.table(side.opposite()).stream()
                .flatMap(mirror -> mirror.foreignKeys().stream())
                .anyMatch(
                        other -> other.referenced().equals(mirrorParent) && action(other, event) == action(key, event));
    }

    private static Action action(ForeignKey key, String event) {
        return event.equals("DELETE") ? key.onDelete() : key.onUpdate();
    }

    private void trigger(LiveMapping live, Side side, Trigger trigger) {
        if (!trigger.before()) {
            return;
        }
        Relation relation = live.mapping().relation(side);
        String what = live.inPlace()
                ? "also when Crossfade writes the new columns, as the backfill does in every row"
                : "also when Crossfade mirrors to them: they would then differ from what the mapping says";
        Field<String> table = DSL.inline(Databases.renderer().render(relation.qualifiedName()));
        findings.add(Finding.warning(
                path(live, side),
                "The trigger '%s' runs before rows of %s are written and may change them, %s."
                        .formatted(trigger.name(), relation, what),
                "Make sure that it keeps the values it is given, or create it again with WHEN (NOT crossfade.is_mirror_write(%s)): see \"Triggers\" in the runbook."
                        .formatted(Databases.renderer().render(table))));
    }

    private static String path(LiveMapping live, Side side) {
        return live.path(live.inPlace() ? "table" : side.label());
    }
}
