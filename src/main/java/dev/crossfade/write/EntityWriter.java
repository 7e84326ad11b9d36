package dev.crossfade.write;

import static dev.crossfade.sql.TextStatement.entityAnd;
import static dev.crossfade.write.WriteStatements.budgetValues;
import static dev.crossfade.write.WriteStatements.values;

import dev.crossfade.control.Databases;
import dev.crossfade.guard.MirrorGuard;
import dev.crossfade.lossy.AlteredRecord;
import dev.crossfade.lossy.LossyWrites;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.PendingKeys;
import dev.crossfade.sql.CommitFailedException;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.stages.StageSnapshot;
import dev.crossfade.write.SaveStatements.Mirrored;
import dev.crossfade.write.SaveStatements.Saved;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes one entity: the authoritative side first, then the mirror within its budget in the same transaction, or an
 * intent in its place.
 *
 * <p>Whatever the mirror does, the authoritative write neither fails nor waits longer than the budget because of it:
 * the mirror's part is rolled back to a savepoint, or the statement that did both is run again without it, and an
 * intent is committed with the authoritative write. Only keys that the authoritative statement returned are mirrored;
 * the locks on their rows order the writers of a key.
 */
public final class EntityWriter {

    private static final Object[] NOTHING = {};

    private final Databases databases;
    private final TableMapping mapping;
    private final Writing.Options settings;
    private final MirrorGuard guard;
    private final InlineMirror mirror;
    private final PendingKeys pending;
    private final WriteListener listener;
    private final WriteFailures failures;
    private final LossyWrites lossyWrites;
    private final int keyWidth;
    private final StatementRendering rendering;

    /** Creates the writer of an entity. */
    public EntityWriter(TableMapping mapping, Writing writing) {
        this.databases = writing.databases();
        this.mapping = mapping;
        this.settings = writing.options();
        this.guard = writing.guards().mirror(mapping.entity());
        this.listener = settings.listener();
        this.mirror = new InlineMirror(mapping, settings.mirrorBudget(), guard, listener);
        this.pending = writing.pending();
        this.failures = new WriteFailures(mapping.entity(), listener);
        this.lossyWrites = writing.lossyWrites();
        this.rendering = new StatementRendering(mapping, settings.lossyWrites());
        this.keyWidth = mapping.legacy().key().size();
    }

    /** How a write's mirror is treated. */
    private enum Mirroring {
        /** There is no mirror in this stage. */
        NONE,
        /** In the same transaction, within the budget. */
        INLINE,
        /** By an intent that the applier applies. */
        NOTED
    }

    /** Writes in a transaction of its own. */
    public Written write(StageSnapshot snapshot, RequestedWrite change) {
        long start = System.nanoTime();
        Permit permit = Permit.of(mapping.entity(), snapshot);
        try {
            Written written = writeAlone(permit, change);
            if (!written.intents().isEmpty()) {
                pending.noted(mapping.entity(), written.intents());
            }
            lossyWrites.take(mapping, written.altered());
            listener.written(mapping.entity(), permit.stage(), written.records(), System.nanoTime() - start);
            return written;
        } catch (SQLException e) {
            throw failures.of(permit, start, e);
        }
    }

    /**
     * What is known of the transaction that a write is a part of.
     *
     * @param held whether it already holds the entity's authority
     * @param again whether it is run again because its commit was refused with the mirror: this time without
     */
    public record Surroundings(boolean held, boolean again) {}

    /** Writes in the caller's transaction on {@code connection}. */
    public Written writeWithin(
            Connection connection, StageSnapshot snapshot, RequestedWrite change, Surroundings within) {
        long start = System.nanoTime();
        Permit permit = Permit.of(mapping.entity(), snapshot);
        Mirroring mirroring = mirroring(permit.entity());
        try {
            Written written = writeInTransaction(
                    connection,
                    permit,
                    change,
                    within.again() && mirroring == Mirroring.INLINE ? Mirroring.NOTED : mirroring,
                    within.held());
            listener.written(mapping.entity(), permit.stage(), written.records(), System.nanoTime() - start);
            return written;
        } catch (SQLException e) {
            throw failures.of(permit, start, e);
        }
    }

    /**
     * Where the mirror cost the connection or the commit, nothing is committed, and the whole is run again without the
     * mirror's part. The first connection is given back before, as it may be the pool's only one.
     */
    private Written writeAlone(Permit permit, RequestedWrite change) throws SQLException {
        SQLException first;
        try (Connection connection = databases.of(permit.authority()).getConnection()) {
            return writeAlone(connection, permit, change);
        } catch (CommitFailedException e) {
            if (!e.isRefused()) {
                failedAtCommit(permit, e);
                throw e;
            }
            first = e;
        } catch (PoolClosedException | MirrorLostException e) {
            first = e;
        }
        try (Connection other = databases.of(permit.authority()).getConnection()) {
            Written written = inOwnTransaction(other, permit, change, Mirroring.NOTED);
            if (first instanceof CommitFailedException) {
                failedAtCommit(permit, first);
            }
            return written;
        } catch (SQLException | RuntimeException | Error again) {
            again.addSuppressed(first);
            throw again;
        }
    }

    private void failedAtCommit(Permit permit, SQLException failure) {
        guard.failedAtCommit(failure);
        listener.mirrorMissed(mapping.entity(), permit.mirror(), FailureClass.of(failure));
    }

    private Written writeAlone(Connection connection, Permit permit, RequestedWrite change) throws SQLException {
        WriteStatements sql = rendering.of(connection, permit.entity()).of(change.size());
        Mirroring mirroring = mirroring(permit.entity());
        return switch (change) {
            case RequestedWrite.Save save
            when mirroring == Mirroring.INLINE && sql.combinable -> saveCombined(connection, permit, sql, save);
            case RequestedWrite.Save save
            when mirroring == Mirroring.NOTED ->
                Written.noted(sql.saving.andNote(connection, noting(permit, sql, sql.rows(save))));
            case RequestedWrite.Save save
            when mirroring == Mirroring.NONE ->
                Written.unmirrored(sql.saving.alone(connection, permitted(permit, sql, sql.rows(save))));
            case RequestedWrite.Delete delete
            when mirroring == Mirroring.NOTED ->
                noted(connection, sql.deleteAndNote, noting(permit, sql, sql.keys(delete.keys())));
            case RequestedWrite.Delete delete
            when mirroring == Mirroring.NONE ->
                unmirrored(connection, sql.permittedDelete, permitted(permit, sql, sql.keys(delete.keys())));
            default -> inOwnTransaction(connection, permit, change, mirroring);
        };
    }

    /**
     * One statement for both sides; if it fails, the authoritative part runs alone with an intent. The failure may be
     * the mirror's, so it is not shown to the pool, which might close the connection; that of the authoritative part
     * is.
     */
    private Written saveCombined(Connection connection, Permit permit, WriteStatements sql, RequestedWrite.Save save)
            throws SQLException {
        @Nullable Object[] records = sql.rows(save);
        if (!guard.begin()) {
            return Written.noted(sql.saving.andNote(connection, noting(permit, sql, records)));
        }
        if (guard.isProbing()) {
            // With two statements it is certain, whatever the mirror does to the session, that nothing is committed
            // yet.
            guard.abandoned();
            return inOwnTransaction(connection, permit, save, Mirroring.INLINE);
        }
        DriverConnection driver = DriverConnection.of(connection);
        long start = System.nanoTime();
        Throwable first;
        try {
            @Nullable
            Object[] values = sql.permittedValues(permit.values(), budgetValues(settings.mirrorBudget()), records);
            Mirrored written = sql.saving.andMirror(driver.direct(), values);
            guard.succeeded(start);
            return new Written(written.records(), List.of(), written.altered());
        } catch (SQLException e) {
            if (SaveStatements.isRefusal(FailureClass.sqlState(e))) {
                guard.abandoned();
                throw e;
            }
            if (driver.isLost(e)) {
                // The statement may have committed: it must not run twice. If the mirror ended the session, it would
                // end
                // that of the next write too.
                guard.failed(start, e);
                throw e;
            }
            if (SqlState.NOT_TOGETHER.equals(FailureClass.sqlState(e))) {
                // Nothing was committed; from now on both sides are written one after the other.
                guard.abandoned();
                rendering.separate(permit.entity());
                return inOwnTransaction(connection, permit, save, Mirroring.INLINE);
            }
            first = e;
        } catch (RuntimeException | Error e) {
            first = e;
        }
        if (connection.isClosed()) {
            // A pool that does not show the driver's connection has closed its own because of the mirror.
            guard.failed(start, first);
            listener.mirrorMissed(mapping.entity(), permit.mirror(), FailureClass.of(first));
            throw new PoolClosedException(mapping.entity(), first);
        }
        Written noted;
        try {
            noted = Written.noted(sql.saving.andNote(connection, noting(permit, sql, records)));
        } catch (SQLException | RuntimeException | Error e) {
            guard.abandoned();
            e.addSuppressed(first);
            throw e;
        }
        guard.failed(start, first);
        listener.mirrorMissed(mapping.entity(), permit.mirror(), FailureClass.of(first));
        return noted;
    }

    private Written noted(Connection connection, TextStatement statement, @Nullable Object[] values)
            throws SQLException {
        List<Intent> intents = statement.query(connection, row -> Intent.read(row, keyWidth), values);
        return new Written(intents.size(), intents);
    }

    private Written unmirrored(Connection connection, TextStatement statement, @Nullable Object[] values)
            throws SQLException {
        return new Written(statement.query(connection, this::key, values).size(), List.of());
    }

    private static @Nullable Object[] permitted(Permit permit, WriteStatements sql, @Nullable Object[] rows) {
        return sql.permittedValues(permit.values(), NOTHING, rows);
    }

    private @Nullable Object[] noting(Permit permit, WriteStatements sql, @Nullable Object[] rows) {
        return sql.permittedValues(permit.values(), NOTHING, rows, mapping.entity());
    }

    private Written inOwnTransaction(Connection connection, Permit permit, RequestedWrite change, Mirroring mirroring)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            Written written = writeInTransaction(connection, permit, change, mirroring, false);
            CommitFailedException.commit(connection, mirroring == Mirroring.INLINE);
            return written;
        } catch (Throwable e) {
            // Catches whatever the caller's code throws, checked exceptions of other languages too: otherwise
            // restoring auto-commit would commit.
            try {
                connection.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private Written writeInTransaction(
            Connection connection, Permit permit, RequestedWrite change, Mirroring mirroring, boolean held)
            throws SQLException {
        PreparedWrites prepared = rendering.of(connection, permit.entity());
        WriteStatements sql = prepared.of(change.size());
        boolean asked = !held || !permit.stage().fenced();
        List<AlteredRecord> altered = new ArrayList<>();
        List<RecordKey> keys = switch (change) {
            case RequestedWrite.Save save -> {
                @Nullable Object[] rows = sql.rows(save);
                Saved<RecordKey> saved =
                        sql.saving.within(connection, asked, asked ? permitted(permit, sql, rows) : rows);
                altered.addAll(saved.altered());
                yield saved.rows();
            }
            case RequestedWrite.Delete delete
            when asked ->
                sql.permittedDelete.query(connection, this::key, permitted(permit, sql, sql.keys(delete.keys())));
            case RequestedWrite.Delete delete -> sql.delete.query(connection, this::key, sql.keys(delete.keys()));
            case RequestedWrite.Custom custom ->
                guarded(
                        connection,
                        permit,
                        sql,
                        asked,
                        () -> custom.statement().apply(Databases.dsl(connection), permit.authority()));
            case RequestedWrite.Declared declared ->
                guarded(connection, permit, sql, asked, () -> {
                    declared.write().accept(Databases.dsl(connection), permit.authority());
                    return declared.keys();
                });
        };
        if (keys.isEmpty() || mirroring == Mirroring.NONE) {
            return new Written(keys.size(), List.of(), altered);
        }
        if (mirroring == Mirroring.NOTED) {
            return new Written(keys.size(), note(connection, prepared, keys), altered);
        }
        List<RecordKey> left = mirror.write(connection, prepared, permit.mirror(), change, keys);
        return new Written(keys.size(), left.isEmpty() ? List.of() : note(connection, prepared, left), altered);
    }

    /**
     * Runs a statement of the caller between two checks of the fence, or before a check of the lease: a process that
     * is paused in between would pass the first check and write long after it. After the statement its lock on the
     * table is held, so whoever waits for writers sees this one.
     */
    private List<RecordKey> guarded(
            Connection connection,
            Permit permit,
            WriteStatements sql,
            boolean asked,
            Supplier<List<RecordKey>> statement)
            throws SQLException {
        if (asked && sql.fenced) {
            sql.permit.query(connection, row -> 0, permit.values());
        }
        List<RecordKey> keys = statement.get();
        if (asked) {
            sql.permit.query(connection, row -> 0, permit.values());
        }
        return keys;
    }

    private List<Intent> note(Connection connection, PreparedWrites prepared, List<RecordKey> keys)
            throws SQLException {
        WriteStatements sql = prepared.of(keys.size());
        return sql.note.query(
                connection, row -> Intent.read(row, keyWidth), entityAnd(mapping.entity(), sql.keys(keys)));
    }

    private Mirroring mirroring(EntityStage stage) {
        if (!stage.stage().mirrors()) {
            return Mirroring.NONE;
        }
        boolean switchedOff = !settings.modernWrite() && stage.stage().authority() == Side.LEGACY;
        return mapping.sidesShareTransaction(databases) && !switchedOff && stage.fleetMapping()
                ? Mirroring.INLINE
                : Mirroring.NOTED;
    }

    private RecordKey key(ResultSet row) throws SQLException {
        return TextStatement.key(row, 1, keyWidth);
    }
}
