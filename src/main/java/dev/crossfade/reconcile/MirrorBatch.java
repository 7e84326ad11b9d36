package dev.crossfade.reconcile;

import dev.crossfade.mapping.RowTrace;
import dev.crossfade.mapping.TextStatement;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes many mirror rows in one statement. Where one of them does not fit, the statement is undone; if the reason lies in each
 * row alone, the others that do not fit for the same reason are found by one query and left out, and the rest is written
 * in one statement again. Otherwise the batch goes on in small pieces, within the same transaction: rows that wait for others (for a parent, for the end of a child, for a
 * unique value) hold up nobody but themselves.
 *
 * <p>The statement of a piece tells at which row it failed. That row is left out; where the failure may have to do
 * with several rows, the piece is halved. A row that does not fit so costs the writing of some
 * of its neighbours and a few round trips, whatever the size of the batch.
 */
final class MirrorBatch {

    /**
     * How many rows a piece has: small pieces cost statements, large ones repeat more rows for each that does not fit. With
     * a statement's cost s, a row's r and a share p of rows that do not fit, the square root of 2 s / p r is best; with one
     * row in a hundred, and statements that cost as much as 5 to 20 rows, 32 to 64, between which no difference was seen.
     */
    private static final int PIECE = 32;

    private static final TextStatement BEGIN = new TextStatement("savepoint crossfade_batch");
    private static final TextStatement UNDO =
            new TextStatement("rollback to savepoint crossfade_batch; release savepoint crossfade_batch");

    /**
     * A statement that writes mirror rows.
     *
     * @param plain the statement
     * @param traced the statement in the form that tells its {@link RowTrace}
     * @param misfits what the mirror's refusal of a row says about others
     */
    record Write(TextStatement plain, TextStatement traced, Misfits misfits) {}

    /** Finds the rows of a batch that do not fit for the same reason as the one that was refused. */
    @FunctionalInterface
    interface Misfits {

        /** Nothing is known of the others. */
        Misfits UNKNOWN = (mirror, failure) -> Optional.empty();

        /**
         * Returns a statement that binds the batch's rows as they are written and tells the places, counted from 1, of those
         * that do not fit; empty if there is none.
         */
        Optional<TextStatement> like(Connection mirror, SQLException failure) throws SQLException;
    }

    private final Connection mirror;
    private final TextStatement plain;
    private final TextStatement traced;
    private final Misfits misfits;
    private final Function<List<RecordKey>, Object[]> values;
    private final Map<RecordKey, SQLException> refused = new LinkedHashMap<>();
    private final long end;

    private MirrorBatch(Connection mirror, Write write, Function<List<RecordKey>, Object[]> values, Duration longest) {
        this.end = System.nanoTime() + longest.toNanos();
        this.mirror = mirror;
        this.plain = write.plain().after(BEGIN);
        this.traced = write.traced().after(RowTrace.START).after(BEGIN);
        this.misfits = write.misfits();
        this.values = values;
    }

    /**
     * Writes the mirror rows of some keys, of which there may be none; the caller commits.
     *
     * @param values what the statement binds for some of the keys
     * @param longest after which time it puts off what failed and what has not been written yet
     * @return the keys whose rows do not fit, and why; those put off have the SQLSTATE of a lock that was not available
     * @throws SQLException if the mirror cannot be used
     */
    static Map<RecordKey, SQLException> write(
            Connection mirror,
            List<RecordKey> keys,
            Write write,
            Function<List<RecordKey>, Object[]> values,
            Duration longest)
            throws SQLException {
        MirrorBatch batch = new MirrorBatch(mirror, write, values, longest);
        if (!keys.isEmpty()) {
            batch.write(keys);
        }
        return batch.refused;
    }

    private void write(List<RecordKey> keys) throws SQLException {
        SQLException failure = attempt(plain, keys);
        if (failure == null) {
            return;
        }
        UNDO.query(mirror, row -> 0);
        if (keys.size() == 1) {
            refused.put(keys.getFirst(), failure);
            return;
        }
        Set<Integer> misfits = isOver() ? Set.of() : misfits(keys, failure);
        if (misfits.isEmpty()) {
            writePieces(keys, failure);
            return;
        }
        List<RecordKey> left = new ArrayList<>();
        for (int place = 1; place <= keys.size(); place++) {
            if (misfits.contains(place)) {
                refused.put(keys.get(place - 1), failure);
            } else {
                left.add(keys.get(place - 1));
            }
        }
        if (!left.isEmpty()) {
            write(left);
        }
    }

    /** Returns the places, counted from 1, of the rows that do not fit for the same reason as the one that was refused. */
    private Set<Integer> misfits(List<RecordKey> keys, SQLException failure) throws SQLException {
        BEGIN.query(mirror, row -> 0);
        try {
            Optional<TextStatement> query = misfits.like(mirror, failure);
            return query.isEmpty()
                    ? Set.of()
                    : Set.copyOf(query.get().query(mirror, row -> row.getInt(1), values.apply(keys)));
        } catch (SQLException e) {
            // It cannot be asked for: it is about columns that the mapping does not write, a row does not even convert,
            // or the driver takes a question mark in it for a parameter.
            UNDO.query(mirror, row -> 0);
            return Set.of();
        }
    }

    private void writePieces(List<RecordKey> keys, SQLException failure) throws SQLException {
        for (int from = 0; from < keys.size(); from += PIECE) {
            if (isOver()) {
                putOff(keys.subList(from, keys.size()), failure);
                return;
            }
            writePiece(keys.subList(from, Math.min(from + PIECE, keys.size())));
        }
    }

    private void writePiece(List<RecordKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        SQLException failure = attempt(traced, keys);
        if (failure == null) {
            return;
        }
        int place = RowTrace.place(mirror, UNDO);
        if (keys.size() == 1) {
            refused.put(keys.getFirst(), failure);
        } else if (isOver()) {
            putOff(keys, failure);
        } else if (place == 0 || !isOfTheRowAlone(failure)) {
            halve(keys);
        } else if (place < keys.size()) {
            writePiece(keys.subList(0, place - 1));
            refused.put(keys.get(place - 1), failure);
            writePiece(keys.subList(place, keys.size()));
        } else {
            writeLastAlone(keys);
        }
    }

    /**
     * The last row was reached: it is the one, or the failure came when all had been written. The others go first all the
     * same, as the last one may need what they bring or give up.
     */
    private void writeLastAlone(List<RecordKey> keys) throws SQLException {
        int last = keys.size() - 1;
        if (attempt(plain, keys.subList(0, last)) == null) {
            writePiece(keys.subList(last, keys.size()));
        } else {
            UNDO.query(mirror, row -> 0);
            halve(keys);
        }
    }

    /** The locks of the batch are held on until its end, so it is over for all that is left. */
    private void putOff(List<RecordKey> keys, SQLException failure) {
        SQLException putOff = new SQLException("put off, as the batch has taken its time", "55P03");
        putOff.addSuppressed(failure);
        keys.forEach(key -> refused.put(key, putOff));
    }

    private boolean isOver() {
        return System.nanoTime() - end > 0;
    }

    private void halve(List<RecordKey> keys) throws SQLException {
        writePiece(keys.subList(0, keys.size() / 2));
        writePiece(keys.subList(keys.size() / 2, keys.size()));
    }

    /** Runs a statement; returns why the rows do not fit, null if they do. */
    private @Nullable SQLException attempt(TextStatement statement, List<RecordKey> keys) throws SQLException {
        try {
            statement.query(mirror, row -> 0, values.apply(keys));
            return null;
        } catch (SQLException e) {
            if (FailureClass.of(e) == FailureClass.OUTAGE) {
                throw e;
            }
            return e;
        }
    }

    /** Tells whether no other row has to do with a failure: a value that does not convert, a missing one, a check. */
    private static boolean isOfTheRowAlone(SQLException failure) {
        String state = FailureClass.sqlState(failure);
        return state.startsWith("22") || state.equals("23502") || state.equals("23514");
    }
}
