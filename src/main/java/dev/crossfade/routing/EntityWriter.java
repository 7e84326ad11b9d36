package dev.crossfade.routing;

import static dev.crossfade.routing.WriteStatements.budgetValues;
import static dev.crossfade.routing.WriteStatements.permitValues;
import static dev.crossfade.routing.WriteStatements.values;
import static dev.crossfade.sql.TextStatement.entityAnd;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.StatementException;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.PendingKeys;
import dev.crossfade.routing.SaveStatements.Mirrored;
import dev.crossfade.routing.SaveStatements.Saved;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.stages.StageSnapshot;
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
final class EntityWriter {

    private static final Object[] NOTHING = {};

    private final Databases databases;
    private final TableMapping mapping;
    private final RoutingSettings settings;
    private final MirrorGuard guard;
    private final InlineMirror mirror;
    private final PendingKeys pending;
    private final RoutingListener listener;
    private final LossyWrites lossyWrites;
    private final int keyWidth;
    private volatile @Nullable PreparedWrites prepared;

    EntityWriter(Router router, TableMapping mapping) {
        this.databases = router.databases();
        this.mapping = mapping;
        this.settings = router.settings();
        this.guard = router.mirrorGuard(mapping.entity());
        this.mirror = new InlineMirror(mapping, settings.mirrorBudget(), guard);
        this.pending = router.pending();
        this.listener = router.listener();
        this.lossyWrites = router.lossyWrites();
        this.keyWidth = mapping.legacy().key().size();
    }

    /** How a write's mirror is treated. */
    private enum Mirroring {
        /** There is no mirror in this stage. */
        NONE,
        /** In the same transaction, within the budget. */
        INLINE,
        /** By an intent that the applier works off. */
        NOTED
    }

    /**
     * What a writer acts under.
     *
     * @param values the values of {@link WriteStatements#permit}, the statement
     * @param lease the instance's lease
     */
    private record Permit(EntityStage stage, Object[] values, String lease) {

        Stage of() {
            return stage.stage();
        }
    }

    /** Writes in a transaction of its own. */
    Written write(StageSnapshot snapshot, Change change) {
        long start = System.nanoTime();
        Permit permit = permit(snapshot);
        try {
            Written written = writeAlone(permit, change);
            if (!written.intents().isEmpty()) {
                pending.noted(mapping.entity(), written.intents());
            }
            lossyWrites.take(mapping, written.altered());
            listener.written(mapping.entity(), permit.of(), written.records(), System.nanoTime() - start);
            return written;
        } catch (SQLException e) {
            throw failure(permit, start, e);
        }
    }

    /**
     * What is known of the transaction that a write is a part of.
     *
     * @param held whether it already holds the entity's authority
     * @param again whether it is run again because its commit was refused with the mirror: this time without
     */
    record Surroundings(boolean held, boolean again) {}

    /** Writes in the caller's transaction on {@code connection}. */
    Written writeWithin(Connection connection, StageSnapshot snapshot, Change change, Surroundings within) {
        long start = System.nanoTime();
        Permit permit = permit(snapshot);
        Mirroring mirroring = mirroring(permit.stage());
        try {
            Written written = writeInTransaction(
                    connection,
                    permit,
                    change,
                    within.again() && mirroring == Mirroring.INLINE ? Mirroring.NOTED : mirroring,
                    within.held());
            listener.written(mapping.entity(), permit.of(), written.records(), System.nanoTime() - start);
            return written;
        } catch (SQLException e) {
            throw failure(permit, start, e);
        }
    }

    private Permit permit(StageSnapshot snapshot) {
        EntityStage stage = snapshot.of(mapping.entity());
        String lease = snapshot.lease();
        return new Permit(stage, permitValues(mapping.entity(), stage, lease), lease);
    }

    /**
     * Where the mirror cost the connection or the commit, nothing is committed, and the whole is run again without the
     * mirror's part. The first connection is given back before, as it may be the pool's only one.
     */
    private Written writeAlone(Permit permit, Change change) throws SQLException {
        SQLException first;
        try (Connection connection = databases.of(permit.of().authority()).getConnection()) {
            return writeAlone(connection, permit, change);
        } catch (CommitFailedException e) {
            if (!e.isRefused()) {
                guard.failedAtCommit(mirrorSide(permit), e);
                throw e;
            }
            first = e;
        } catch (PoolClosedException | MirrorLostException e) {
            first = e;
        }
        try (Connection other = databases.of(permit.of().authority()).getConnection()) {
            Written written = inOwnTransaction(other, permit, change, Mirroring.NOTED);
            if (first instanceof CommitFailedException) {
                guard.failedAtCommit(mirrorSide(permit), first);
            }
            return written;
        } catch (SQLException | RuntimeException | Error again) {
            again.addSuppressed(first);
            throw again;
        }
    }

    private Written writeAlone(Connection connection, Permit permit, Change change) throws SQLException {
        WriteStatements sql = prepared(connection, permit.stage()).of(change.size());
        Mirroring mirroring = mirroring(permit.stage());
        return switch (change) {
            case Change.Save save
            when mirroring == Mirroring.INLINE && sql.combinable -> saveCombined(connection, permit, sql, save);
            case Change.Save save
            when mirroring == Mirroring.NOTED ->
                Written.noted(sql.saving.andNote(connection, noting(permit, sql, sql.rows(save))));
            case Change.Save save
            when mirroring == Mirroring.NONE ->
                Written.unmirrored(sql.saving.alone(connection, permitted(permit, sql, sql.rows(save))));
            case Change.Delete delete
            when mirroring == Mirroring.NOTED ->
                noted(connection, sql.deleteAndNote, noting(permit, sql, sql.keys(delete.keys())));
            case Change.Delete delete
            when mirroring == Mirroring.NONE ->
                unmirrored(connection, sql.permittedDelete, permitted(permit, sql, sql.keys(delete.keys())));
            default -> inOwnTransaction(connection, permit, change, mirroring);
        };
    }

    /**
     * One statement for both sides; where it fails, the authoritative part is run alone with an intent. The failure may
     * be the mirror's, so it is not shown to the pool, which might close the connection; that of the authoritative part
     * is.
     */
    private Written saveCombined(Connection connection, Permit permit, WriteStatements sql, Change.Save save)
            throws SQLException {
        @Nullable Object[] records = sql.rows(save);
        if (!guard.begin()) {
            return Written.noted(sql.saving.andNote(connection, noting(permit, sql, records)));
        }
        if (guard.isProbing()) {
            // In two statements it is known, whatever the mirror does to the session, that nothing is committed yet.
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
                // It is not known whether the statement was committed: it must not run twice.
                guard.lost(start, e);
                throw e;
            }
            if (SqlState.NOT_TOGETHER.equals(FailureClass.sqlState(e))) {
                // Nothing was committed; both sides are written one after the other from now on.
                guard.abandoned();
                prepared = PreparedWrites.prepareApart(
                        mapping.from(permit.of().authority()), permit.stage(), settings.lossyWrites());
                return inOwnTransaction(connection, permit, save, Mirroring.INLINE);
            }
            first = e;
        } catch (RuntimeException | Error e) {
            first = e;
        }
        if (connection.isClosed()) {
            // A pool that does not show the driver's connection has closed its own because of the mirror.
            guard.failed(mirrorSide(permit), start, first);
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
        guard.failed(mirrorSide(permit), start, first);
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

    private Written inOwnTransaction(Connection connection, Permit permit, Change change, Mirroring mirroring)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            Written written = writeInTransaction(connection, permit, change, mirroring, false);
            CommitFailedException.commit(connection, mirroring == Mirroring.INLINE);
            return written;
        } catch (Throwable e) {
            // Whatever the caller's code throws, checked exceptions of other languages too: else the way back to
            // auto-commit commits.
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
            Connection connection, Permit permit, Change change, Mirroring mirroring, boolean held)
            throws SQLException {
        PreparedWrites prepared = prepared(connection, permit.stage());
        WriteStatements sql = prepared.of(change.size());
        boolean asked = !held || !permit.of().fenced();
        List<AlteredRecord> altered = new ArrayList<>();
        List<RecordKey> keys = switch (change) {
            case Change.Save save -> {
                @Nullable Object[] rows = sql.rows(save);
                Saved<RecordKey> saved =
                        sql.saving.within(connection, asked, asked ? permitted(permit, sql, rows) : rows);
                altered.addAll(saved.altered());
                yield saved.rows();
            }
            case Change.Delete delete
            when asked ->
                sql.permittedDelete.query(connection, this::key, permitted(permit, sql, sql.keys(delete.keys())));
            case Change.Delete delete -> sql.delete.query(connection, this::key, sql.keys(delete.keys()));
            case Change.Custom custom ->
                guarded(
                        connection,
                        permit,
                        sql,
                        asked,
                        () -> custom.statement()
                                .apply(Databases.dsl(connection), permit.of().authority()));
            case Change.Declared declared ->
                guarded(connection, permit, sql, asked, () -> {
                    declared.write()
                            .accept(Databases.dsl(connection), permit.of().authority());
                    return declared.keys();
                });
        };
        if (keys.isEmpty() || mirroring == Mirroring.NONE) {
            return new Written(keys.size(), List.of(), altered);
        }
        if (mirroring == Mirroring.NOTED) {
            return new Written(keys.size(), note(connection, prepared, keys), altered);
        }
        List<RecordKey> left = mirror.write(connection, prepared, mirrorSide(permit), change, keys);
        return new Written(keys.size(), left.isEmpty() ? List.of() : note(connection, prepared, left), altered);
    }

    /**
     * Runs a statement of the caller's between two looks at the fence, or before one at the lease: a process that stood
     * still in between would pass first and write long after it. With the statement's lock on the table in hand,
     * whoever waits for writers sees this one.
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

    private static Side mirrorSide(Permit permit) {
        return permit.of().authority().opposite();
    }

    private Mirroring mirroring(EntityStage stage) {
        if (!stage.stage().mirrors()) {
            return Mirroring.NONE;
        }
        boolean switchedOff = !settings.modernWrite() && stage.stage().authority() == Side.LEGACY;
        return areTogether() && !switchedOff && stage.fleetMapping() ? Mirroring.INLINE : Mirroring.NOTED;
    }

    /**
     * Returns the statements of a stage. What the catalog says of the tables is read anew with each epoch, on the
     * connection at hand: a second one might not be had while all of a pool wait here.
     */
    private PreparedWrites prepared(Connection connection, EntityStage stage) {
        PreparedWrites known = prepared;
        if (known == null || known.epoch() != stage.epoch()) {
            known = PreparedWrites.prepare(
                    Databases.dsl(connection), mapping.from(stage.stage().authority()), stage, settings.lossyWrites());
            prepared = known;
        }
        return known;
    }

    /** Tells whether one transaction can write both sides of this entity. */
    private boolean areTogether() {
        return databases.areShared() || mapping.kind() == TableMapping.Kind.COLUMN;
    }

    private RuntimeException failure(Permit permit, long start, SQLException failure) {
        return switch (FailureClass.sqlState(failure)) {
            case SqlState.STAGE_MOVED ->
                new StageMovedException(mapping.entity(), permit.stage().epoch(), failure);
            case SqlState.HEARTBEAT_LOST -> new HeartbeatLostException(mapping.entity(), permit.lease(), failure);
            case SqlState.GIVEN_REFUSED -> {
                listener.lossyWrite(mapping.entity(), LossyWriteOutcome.REFUSED);
                listener.writeFailed(mapping.entity(), permit.of(), System.nanoTime() - start);
                yield LossyWriteException.of(mapping.entity(), failure);
            }
            default -> {
                listener.writeFailed(mapping.entity(), permit.of(), System.nanoTime() - start);
                yield new StatementException(
                        "Writing %s to the %s side"
                                .formatted(
                                        mapping.entity(),
                                        permit.of().authority().label()),
                        failure);
            }
        };
    }

    private RecordKey key(ResultSet row) throws SQLException {
        return TextStatement.key(row, 1, keyWidth);
    }
}
