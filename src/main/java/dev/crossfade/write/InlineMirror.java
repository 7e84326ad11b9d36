package dev.crossfade.write;

import static dev.crossfade.write.WriteStatements.budgetValues;
import static dev.crossfade.write.WriteStatements.values;

import dev.crossfade.guard.MirrorGuard;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.ReferencedException;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one entity's mirror in the transaction of the authoritative write, inside a savepoint and within the budget.
 * Whatever fails in it is rolled back and left to an intent, and is hidden from the pool, which might close the
 * connection. A lost connection is thrown as {@link MirrorLostException}: the transaction is lost with it.
 */
final class InlineMirror {

    private static final Object[] NOTHING = {};

    private final TableMapping mapping;
    private final Duration budget;
    private final MirrorGuard guard;
    private final WriteListener listener;

    InlineMirror(TableMapping mapping, Duration budget, MirrorGuard guard, WriteListener listener) {
        this.mapping = mapping;
        this.budget = budget;
        this.guard = guard;
        this.listener = listener;
    }

    /**
     * Mirrors what a change wrote.
     *
     * @param mirror the side to write
     * @param keys the keys that the change wrote, or may have written if it declared them
     * @return the keys whose mirror was not written: the caller notes an intent for each
     */
    List<RecordKey> write(
            Connection connection, PreparedWrites prepared, Side mirror, RequestedWrite change, List<RecordKey> keys)
            throws SQLException {
        DriverConnection driver = DriverConnection.of(connection);
        return change instanceof RequestedWrite.Declared
                ? writeDeclared(driver, prepared, mirror, change, keys)
                : writeLocked(driver, prepared, mirror, change, keys) ? List.of() : keys;
    }

    /**
     * Only keys whose authoritative row is locked are mirrored here. A key without a row was either deleted by the
     * caller, and is locked by that, or never had a row; the applier handles these. It also handles keys that someone
     * else has locked, which the caller named but did not write: waiting for them could deadlock.
     */
    private List<RecordKey> writeDeclared(
            DriverConnection driver, PreparedWrites prepared, Side mirror, RequestedWrite change, List<RecordKey> keys)
            throws SQLException {
        WriteStatements sql = prepared.of(keys.size());
        int width = mapping.legacy().key().size();
        List<RecordKey> locked;
        try {
            locked = sql.lockFree.query(driver.direct(), row -> TextStatement.key(row, 1, width), sql.keys(keys));
        } catch (SQLException | RuntimeException | Error e) {
            if (driver.isLost(e)) {
                throw e;
            }
            undo(driver, e);
            return keys;
        }
        List<RecordKey> left = new ArrayList<>(keys);
        if (locked.isEmpty() || writeLocked(driver, prepared, mirror, change, locked)) {
            left.removeAll(locked);
        }
        return left;
    }

    /** Tells whether the mirror was written; if not, nothing of it remains. */
    private boolean writeLocked(
            DriverConnection driver, PreparedWrites prepared, Side mirror, RequestedWrite change, List<RecordKey> keys)
            throws SQLException {
        boolean inPlace = mapping.kind() == TableMapping.Kind.COLUMN;
        WriteStatements sql = prepared.of(keys.size());
        boolean deletes = sql.deletesMirror(inPlace);
        if (!deletes && change instanceof RequestedWrite.Delete) {
            return true;
        }
        if (!guard.begin()) {
            return false;
        }
        Connection connection = driver.direct();
        long start = System.nanoTime();
        try {
            @Nullable Object[] bound = sql.keys(keys);
            Object[] limits = budgetValues(budget);
            switch (change) {
                case RequestedWrite.Save save -> sql.mirrorSaved.query(connection, row -> 0, values(limits, bound));
                case RequestedWrite.Declared declared ->
                    sql.mirrorSaved.query(connection, row -> 0, values(limits, bound));
                case RequestedWrite.Delete delete ->
                    sql.mirrorDeleted.query(connection, row -> 0, values(limits, bound));
                case RequestedWrite.Custom custom ->
                    sql.mirrorBoth.query(connection, row -> 0, values(limits, bound, deletes ? bound : NOTHING));
            }
            guard.succeeded(start);
            return true;
        } catch (SQLException | RuntimeException | Error e) {
            if (WriteStatements.isIsolated(e)) {
                guard.abandoned();
            } else {
                Throwable told = change instanceof RequestedWrite.Delete ? ofDeletion(e) : e;
                guard.failed(start, told);
                listener.mirrorMissed(mapping.entity(), mirror, FailureClass.of(told));
            }
            if (driver.isLost(e)) {
                if (e instanceof SQLException failure) {
                    throw new MirrorLostException(failure);
                }
                throw e;
            }
            undo(driver, e);
            return false;
        }
    }

    /**
     * Rolls back the mirror's part.
     *
     * @throws PoolClosedException if the pool has seen the failure and closed the connection
     */
    private void undo(DriverConnection driver, Throwable failure) throws SQLException {
        if (driver.pooled().isClosed()) {
            throw new PoolClosedException(mapping.entity(), failure);
        }
        WriteStatements.undoMirror(driver.direct(), failure);
    }

    private static Throwable ofDeletion(Throwable failure) {
        return failure instanceof SQLException refusal ? ReferencedException.inDeletion(refusal) : failure;
    }
}
