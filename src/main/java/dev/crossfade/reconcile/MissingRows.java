package dev.crossfade.reconcile;

import dev.crossfade.mapping.Projection;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.SqlState;
import dev.crossfade.statement.Reference;
import dev.crossfade.statement.ReferenceSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the rows of a batch that wait for rows missing in the mirror: those that refer to a row that is neither there
 * nor in the batch, and those that refer to them. All others can be written in one statement, in any order, because
 * foreign keys are checked at its end. Thread-safe.
 */
public final class MissingRows {

    private final Projection projection;
    private final boolean reading;

    /**
     * Creates it for a direction of a mapping.
     *
     * @param reading whether the authoritative table is in the mirror's database: then keys are bound, else mirror rows
     */
    public MissingRows(Projection projection, boolean reading) {
        this.projection = projection;
        this.reading = reading;
    }

    /**
     * A row that refers to another: the places of both, counted from 1; {@code other} is 0 if it is not in the batch.
     */
    private record Link(int place, int reference, int other) {}

    /**
     * Returns the keys of a batch that wait, and why.
     *
     * @param mirror in a transaction that has not failed; an exception from here may leave it failed
     * @param values the bind values of the statements for the keys
     */
    public Map<RecordKey, SQLException> waiting(Connection mirror, List<RecordKey> keys, Object[] values)
            throws SQLException {
        List<Reference> references = Reference.of(mirror, projection);
        if (references.isEmpty()) {
            return Map.of();
        }
        int width = reading
                ? projection.source().key().size()
                : projection.targetColumns().size();
        List<Link> links = new ReferenceSql(projection)
                .missing(references, reading)
                .query(
                        mirror,
                        row -> new Link(row.getInt(1), row.getInt(2), row.getInt(3)),
                        Arrays.copyOf(values, width));
        Map<Integer, List<Link>> referring = new HashMap<>();
        Deque<Link> waiting = new ArrayDeque<>();
        for (Link link : links) {
            if (link.other() == 0) {
                waiting.add(link);
            } else {
                referring
                        .computeIfAbsent(link.other(), place -> new ArrayList<>())
                        .add(link);
            }
        }
        Map<RecordKey, SQLException> found = new LinkedHashMap<>();
        while (!waiting.isEmpty()) {
            Link link = waiting.remove();
            SQLException why = waitsFor(references.get(link.reference() - 1));
            if (found.putIfAbsent(keys.get(link.place() - 1), why) == null) {
                waiting.addAll(Optional.ofNullable(referring.get(link.place())).orElse(List.of()));
            }
        }
        return found;
    }

    private static SQLException waitsFor(Reference reference) {
        return new SQLException(
                "the row of %s that it refers to by %s is not there yet"
                        .formatted(String.join(".", reference.table().getName()), reference.constraint()),
                SqlState.FOREIGN_KEY_VIOLATION);
    }
}
