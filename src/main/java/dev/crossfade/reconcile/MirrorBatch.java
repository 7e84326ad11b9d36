package dev.crossfade.reconcile;

import dev.crossfade.model.RecordKey;
import dev.crossfade.reconcile.Exchanges.Exchange;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.RowTrace;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.TableRule;
import dev.crossfade.time.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes many mirror rows in one statement. If the mirror refuses one of them, the statement is rolled back. If the
 * reason concerns each row alone, the next statement leaves out all rows with the same problem. Otherwise the batch
 * continues in small pieces, within the same transaction: rows that wait for others (for a parent, for the deletion
 * of a child, for a unique value) block only themselves.
 *
 * <p>The statement of a piece tells at which row it failed. That row is left out; if the failure may concern several
 * rows, the piece is halved. So a refused row costs rewriting some of its neighbours and a few round trips, whatever
 * the size of the batch.
 */
final class MirrorBatch {

    /**
     * How many rows a piece has: small pieces cost statements, large ones rewrite more rows for each refused one.
     * With a statement's cost s, a row's cost r and a share p of refused rows, the square root of 2 s / p r is best;
     * with one row in a hundred, and statements that cost as much as 5 to 20 rows, 32 to 64, between which no
     * difference was seen.
     */
    private static final int PIECE = 32;

    /**
     * A constraint deferred until the commit would fail the whole batch there, without showing which row is at fault.
     */
    private static final TextStatement BEGIN =
            new TextStatement("set constraints all immediate; savepoint crossfade_batch");

    private static final TextStatement UNDO =
            new TextStatement("rollback to savepoint crossfade_batch; release savepoint crossfade_batch");

    /** The SQLSTATE class of a rule that reads columns which are not written. */
    private static final String WRONG_STATEMENT = "42";

    /** A row that was left out: its place and that of the rule that it breaks, both counted from 1. */
    private record Misfit(int place, int rule) {}

    private final Connection mirror;
    private final TextStatement plain;
    private final TextStatement traced;
    private final Optional<MirrorWrite.Fitting> fitting;
    private final MirrorWrite.Refusals refusals;
    private final Optional<MirrorWrite.Together> together;
    private final TextStatement unmarked;
    private final Function<List<RecordKey>, Object[]> values;
    private final Map<RecordKey, SQLException> refused = new LinkedHashMap<>();
    private final Deadline end;

    private MirrorBatch(
            Connection mirror, MirrorWrite write, Function<List<RecordKey>, Object[]> values, Duration longest) {
        this.end = Deadline.after(longest);
        this.mirror = mirror;
        this.plain = write.plain().after(BEGIN);
        this.traced = write.traced().after(RowTrace.START).after(BEGIN);
        this.fitting = write.fitting();
        this.refusals = write.refusals();
        this.together = write.together();
        this.unmarked = write.plain();
        this.values = values;
    }

    /**
     * Writes the mirror rows of keys, possibly none; the caller commits.
     *
     * @param values the bind values of the statement for some of the keys
     * @param longest the time after which it defers failed and unwritten rows
     * @return the refused keys and why; deferred keys have the SQLSTATE of an unavailable lock
     * @throws SQLException if the mirror cannot be used
     */
    static Map<RecordKey, SQLException> write(
            Connection mirror,
            List<RecordKey> keys,
            MirrorWrite write,
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
        if (writeApart(keys, failure)) {
            return;
        }
        if (keys.size() == 1) {
            refuse(keys.getFirst(), failure);
            return;
        }
        if (fitting.isPresent()) {
            Optional<SQLException> reason = writeFitting(fitting.get(), keys, failure);
            if (reason.isEmpty() || writeApart(keys, reason.get())) {
                return;
            }
        }
        writePieces(keys, failure);
    }

    /** Handles rows that were refused because they depend on others; tells whether it has handled all rows. */
    private boolean writeApart(List<RecordKey> keys, SQLException failure) throws SQLException {
        if (together.isEmpty() || isOver()) {
            return false;
        }
        return switch (FailureClass.sqlState(failure)) {
            case SqlState.FOREIGN_KEY_VIOLATION ->
                keys.size() > 1 && leaveOutWaiting(keys, together.get().missing());
            case SqlState.UNIQUE_VIOLATION, SqlState.EXCLUSION_VIOLATION ->
                writeExchanges(keys, together.get().exchanges());
            default -> false;
        };
    }

    private boolean leaveOutWaiting(List<RecordKey> keys, MissingRows missing) throws SQLException {
        Map<RecordKey, SQLException> waiting =
                look(() -> missing.waiting(mirror, keys, values.apply(keys))).orElse(Map.of());
        refused.putAll(waiting);
        List<RecordKey> others =
                keys.stream().filter(key -> !waiting.containsKey(key)).toList();
        if (!waiting.isEmpty() && !others.isEmpty()) {
            write(others);
        }
        return !waiting.isEmpty();
    }

    private boolean writeExchanges(List<RecordKey> keys, Exchanges exchanges) throws SQLException {
        Optional<Exchanges.Found> found = look(() -> exchanges.among(mirror, keys, values.apply(keys)));
        if (found.isEmpty() || found.get().others().size() == keys.size()) {
            return false;
        }
        refused.putAll(found.get().refused());
        write(exchanges, found.get().exchanges());
        if (!found.get().others().isEmpty()) {
            write(found.get().others());
        }
        return true;
    }

    private void write(Exchanges exchanges, List<Exchange> those) throws SQLException {
        if (those.isEmpty()) {
            return;
        }
        BEGIN.query(mirror, row -> 0);
        try {
            exchanges.write(mirror, those, unmarked, values);
            return;
        } catch (SQLException e) {
            throwIfOutage(e);
            UNDO.query(mirror, row -> 0);
            if (those.size() == 1) {
                SQLException reason = refusals.of(mirror, e);
                those.getFirst().keys().forEach(key -> refused.put(key, reason));
                return;
            }
            if (isOver()) {
                those.forEach(one -> putOff(one.keys(), e));
                return;
            }
        }
        write(exchanges, those.subList(0, those.size() / 2));
        write(exchanges, those.subList(those.size() / 2, those.size()));
    }

    /** Runs a query that casts rows and may fail for the same rows as writing them; empty if it fails. */
    private <T> Optional<T> look(Question<T> question) throws SQLException {
        BEGIN.query(mirror, row -> 0);
        try {
            return Optional.of(question.answer());
        } catch (SQLException e) {
            throwIfOutage(e);
            UNDO.query(mirror, row -> 0);
            return Optional.empty();
        }
    }

    private static void throwIfOutage(SQLException failure) throws SQLException {
        if (FailureClass.of(failure) == FailureClass.OUTAGE
                && !FailureClass.sqlState(failure).startsWith(WRONG_STATEMENT)) {
            throw failure;
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T answer() throws SQLException;
    }

    /**
     * Leaves out the rows that break the rules that the server names, one rule after the other; returns why the
     * remaining rows are not written, if so.
     */
    private Optional<SQLException> writeFitting(MirrorWrite.Fitting fitting, List<RecordKey> keys, SQLException first)
            throws SQLException {
        List<TableRule> rules = new ArrayList<>();
        List<SQLException> reasons = new ArrayList<>();
        SQLException reason = first;
        while (!isOver()) {
            Optional<TableRule> rule = TableRule.brokenIn(mirror, reason, fitting.table());
            if (rule.isEmpty() || rules.contains(rule.get())) {
                return Optional.of(reason);
            }
            rules.add(rule.get());
            reasons.add(reason);
            // Sent separately: the driver itself may refuse the next statement, so that it never reaches the server.
            BEGIN.query(mirror, row -> 0);
            try {
                List<Misfit> misfits = fitting.statement()
                        .apply(rules)
                        .query(
                                mirror,
                                row -> new Misfit(row.getInt(1), row.getInt(2)),
                                Arrays.copyOf(values.apply(keys), fitting.width()));
                if (fitting.noting()) {
                    note(keys, misfits);
                }
                misfits.forEach(misfit -> refused.put(keys.get(misfit.place() - 1), reasons.get(misfit.rule() - 1)));
                return Optional.empty();
            } catch (SQLException e) {
                throwIfOutage(e);
                UNDO.query(mirror, row -> 0);
                reason = e;
            }
        }
        return Optional.of(reason);
    }

    private void note(List<RecordKey> keys, List<Misfit> misfits) throws SQLException {
        Set<Integer> places = misfits.stream().map(Misfit::place).collect(Collectors.toSet());
        List<RecordKey> fit = IntStream.range(0, keys.size())
                .filter(i -> !places.contains(i + 1))
                .mapToObj(keys::get)
                .toList();
        if (!fit.isEmpty()) {
            unmarked.update(mirror, values.apply(fit));
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
            refuse(keys.getFirst(), failure);
        } else if (isOver()) {
            putOff(keys, failure);
        } else if (place == 0 || !isOfTheRowAlone(failure)) {
            halve(keys);
        } else if (place < keys.size()) {
            writePiece(keys.subList(0, place - 1));
            refuse(keys.get(place - 1), failure);
            writePiece(keys.subList(place, keys.size()));
        } else {
            writeLastAlone(keys);
        }
    }

    /**
     * The statement failed at the last row or after it. The other rows are written first, because the last one may
     * need rows or values from them.
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

    private void refuse(RecordKey key, SQLException failure) throws SQLException {
        refused.put(key, refusals.of(mirror, failure));
    }

    /** Defers all remaining rows: the batch holds its locks until its end, so it must end now. */
    private void putOff(List<RecordKey> keys, SQLException failure) {
        SQLException putOff = new SQLException("put off, as the batch has taken its time", SqlState.LOCK_NOT_AVAILABLE);
        putOff.addSuppressed(failure);
        keys.forEach(key -> refused.put(key, putOff));
    }

    private boolean isOver() {
        return end.isOver();
    }

    private void halve(List<RecordKey> keys) throws SQLException {
        writePiece(keys.subList(0, keys.size() / 2));
        writePiece(keys.subList(keys.size() / 2, keys.size()));
    }

    /** Runs a statement; returns why it was refused, null if it succeeded. */
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

    /** Tells whether a failure concerns one row alone: a failed conversion, a missing value, a check. */
    private static boolean isOfTheRowAlone(SQLException failure) {
        String state = FailureClass.sqlState(failure);
        return SqlState.isDataException(state)
                || state.equals(SqlState.NOT_NULL_VIOLATION)
                || state.equals(SqlState.CHECK_VIOLATION)
                || ServerMessage.isUnconvertible(failure);
    }
}
