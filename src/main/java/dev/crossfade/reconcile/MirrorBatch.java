package dev.crossfade.reconcile;

import dev.crossfade.mapping.TextStatement;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes many mirror rows in one statement. While rows among them do not fit, the statement is undone and halved within
 * the same transaction, until those rows are alone: rows that wait for others (for a parent, for the end of a child, for a
 * unique value) hold up nobody but themselves.
 */
final class MirrorBatch {

    private static final TextStatement BEGIN = new TextStatement("savepoint crossfade_batch");
    private static final TextStatement UNDO =
            new TextStatement("rollback to savepoint crossfade_batch; release savepoint crossfade_batch");

    private final Connection mirror;
    private final TextStatement guarded;
    private final Function<List<RecordKey>, Object[]> values;
    private final Map<RecordKey, SQLException> refused = new LinkedHashMap<>();
    private final long end;

    private MirrorBatch(
            Connection mirror, TextStatement statement, Function<List<RecordKey>, Object[]> values, Duration longest) {
        this.end = System.nanoTime() + longest.toNanos();
        this.mirror = mirror;
        this.guarded = statement.after(BEGIN);
        this.values = values;
    }

    /**
     * Writes the mirror rows of some keys, of which there may be none; the caller commits.
     *
     * @param values what the statement binds for some of the keys
     * @param longest after which time it does not try again what failed, and puts those keys off
     * @return the keys whose rows do not fit, and why; those put off have the SQLSTATE of a lock that was not available
     * @throws SQLException if the mirror cannot be used
     */
    static Map<RecordKey, SQLException> write(
            Connection mirror,
            List<RecordKey> keys,
            TextStatement statement,
            Function<List<RecordKey>, Object[]> values,
            Duration longest)
            throws SQLException {
        MirrorBatch batch = new MirrorBatch(mirror, statement, values, longest);
        batch.write(keys);
        return batch.refused;
    }

    private void write(List<RecordKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try {
            guarded.query(mirror, row -> 0, values.apply(keys));
        } catch (SQLException e) {
            if (FailureClass.of(e) == FailureClass.OUTAGE) {
                throw e;
            }
            UNDO.query(mirror, row -> 0);
            if (keys.size() == 1) {
                refused.put(keys.getFirst(), e);
            } else if (System.nanoTime() - end > 0) {
                SQLException putOff = new SQLException("put off, as the batch has taken its time", "55P03", e);
                keys.forEach(key -> refused.put(key, putOff));
            } else {
                write(keys.subList(0, keys.size() / 2));
                write(keys.subList(keys.size() / 2, keys.size()));
            }
        }
    }
}
