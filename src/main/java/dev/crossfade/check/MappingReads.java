package dev.crossfade.check;

import dev.crossfade.check.ExpressionReads.Reads;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Derived;
import dev.crossfade.model.Side;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the expressions of a mapping read, each as resolved by the database in which it runs. */
final class MappingReads {

    private static final Reads NOTHING = new Reads(Set.of(), Map.of(), Set.of());

    private final Map<Side, Map<Derived, Reads>> bySide = new EnumMap<>(Side.class);

    private MappingReads() {
        for (Side side : Side.values()) {
            bySide.put(side, new HashMap<>());
        }
    }

    /**
     * Examines all expressions of mappings whose tables exist. It takes one connection of each database and returns
     * it before the end.
     *
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    static Map<LiveMapping, MappingReads> ask(Databases databases, Collection<LiveMapping> mappings) {
        Map<LiveMapping, MappingReads> all = new HashMap<>();
        mappings.forEach(live -> all.put(live, new MappingReads()));
        try (Probe legacy = Probe.scratch(databases.legacy())) {
            all.forEach((live, reads) -> {
                reads.look(live, Side.LEGACY, legacy);
                if (live.mapping().sidesShareTransaction(databases)) {
                    reads.look(live, Side.MODERN, legacy);
                }
            });
        }
        if (!databases.areShared()) {
            try (Probe modern = Probe.scratch(databases.modern())) {
                all.forEach((live, reads) -> {
                    if (!live.inPlace()) {
                        reads.look(live, Side.MODERN, modern);
                    }
                });
            }
        }
        return all;
    }

    private void look(LiveMapping live, Side side, Probe scratch) {
        if (live.table(side).isPresent()) {
            ExpressionReads reads = new ExpressionReads(new SourceRow(live, side), scratch);
            Map<Derived, Reads> found = of(side);
            live.derivedOn(side.opposite()).forEach(derived -> found.put(derived, reads.of(derived)));
        }
    }

    /** Returns what an expression over the row of {@code side} reads; nothing if the table does not exist. */
    Reads of(Side side, Derived derived) {
        return of(side).getOrDefault(derived, NOTHING);
    }

    private Map<Derived, Reads> of(Side side) {
        return Objects.requireNonNull(bySide.get(side));
    }
}
