package dev.crossfade.routing;

import static dev.crossfade.mapping.TextStatement.arrays;
import static dev.crossfade.mapping.TextStatement.columns;
import static dev.crossfade.mapping.TextStatement.entityAnd;
import static dev.crossfade.routing.WriteStatements.budgetValues;
import static dev.crossfade.routing.WriteStatements.fenceValues;
import static dev.crossfade.routing.WriteStatements.values;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.EntityStage;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mapping.TextStatement;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.StatementException;
import dev.crossfade.queue.FailureClass;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.PendingKeys;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes one entity: the authoritative side first, then the mirror within its budget in the same transaction, or an
 * intent in its place.
 *
 * <p>Whatever the mirror does, the authoritative write neither fails nor waits longer than the budget because of it: the
 * mirror's part is rolled back to a savepoint, or the statement that did both is run again without it, and an intent is
 * committed with the authoritative write. Only keys that the authoritative statement returned are mirrored; the locks on
 * their rows order the writers of a key.
 */
final class EntityWriter {

    private static final Object[] NOTHING = {};

    private final Databases databases;
    private final TableMapping mapping;
    private final RoutingSettings settings;
    private final CircuitBreaker breaker;
    private final PendingKeys pending;
    private final RoutingListener listener;
    private final int keyWidth;
    private volatile @Nullable Prepared prepared;

    EntityWriter(Router router, TableMapping mapping) {
        this.databases = router.databases();
        this.mapping = mapping;
        this.settings = router.settings();
        this.breaker = router.breaker(mapping.entity());
        this.pending = router.pending();
        this.listener = router.listener();
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

    /** Statements and the epoch for which they were made. */
    private record Prepared(long epoch, WriteStatements statements) {}

    /** Keys written, and intents that were left for some or all of them. */
    record Written(List<RecordKey> keys, List<Intent> intents) {}

    /** Writes in a transaction of its own. */
    Written write(EntityStage stage, Change change) {
        long start = System.nanoTime();
        try (Connection connection = databases.of(stage.stage().authority()).getConnection()) {
            Written written = writeAlone(connection, stage, change);
            if (!written.intents().isEmpty()) {
                pending.noted(mapping.entity(), written.intents());
            }
            listener.written(mapping.entity(), stage.stage(), written.keys().size(), System.nanoTime() - start);
            return written;
        } catch (SQLException e) {
            listener.writeFailed(mapping.entity(), stage.stage(), System.nanoTime() - start);
            throw failure(stage, e);
        }
    }

    /**
     * Writes in the caller's transaction on {@code connection}.
     *
     * @param fenced whether the transaction already holds this entity's authority
     */
    Written writeWithin(Connection connection, EntityStage stage, Change change, boolean fenced) {
        long start = System.nanoTime();
        try {
            Written written = writeInTransaction(connection, stage, change, fenced);
            listener.written(mapping.entity(), stage.stage(), written.keys().size(), System.nanoTime() - start);
            return written;
        } catch (SQLException e) {
            listener.writeFailed(mapping.entity(), stage.stage(), System.nanoTime() - start);
            throw failure(stage, e);
        }
    }

    private Written writeAlone(Connection connection, EntityStage stage, Change change) throws SQLException {
        WriteStatements sql = statements(connection, stage);
        Mirroring mirroring = mirroring(stage);
        return switch (change) {
            case Change.Save save
            when mirroring == Mirroring.INLINE && sql.combinable -> saveCombined(connection, stage, sql, save);
            case Change.Save save
            when mirroring == Mirroring.NOTED -> noted(connection, stage, sql.saveAndNote, columns(save.rows()));
            case Change.Save save
            when mirroring == Mirroring.NONE -> unmirrored(connection, stage, sql.save, columns(save.rows()));
            case Change.Delete delete
            when mirroring == Mirroring.NOTED -> noted(connection, stage, sql.deleteAndNote, arrays(delete.keys()));
            case Change.Delete delete
            when mirroring == Mirroring.NONE -> unmirrored(connection, stage, sql.delete, arrays(delete.keys()));
            default -> inOwnTransaction(connection, stage, change);
        };
    }

    /** One statement for both sides; where it fails, the authoritative part is run alone with an intent. */
    private Written saveCombined(Connection connection, EntityStage stage, WriteStatements sql, Change.Save save)
            throws SQLException {
        Object[] records = columns(save.rows());
        if (!breaker.tryAcquirePermission()) {
            return noted(connection, stage, sql.saveAndNote, records);
        }
        long start = System.nanoTime();
        Throwable first;
        try {
            Object[] values = values(budgetValues(settings.mirrorBudget()), records);
            List<RecordKey> keys = query(connection, stage, sql.saveAndMirror, this::key, values);
            breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            return new Written(keys, List.of());
        } catch (SQLException e) {
            if (isRefusal(e) || FailureClass.sqlState(e).startsWith("08")) {
                breaker.releasePermission();
                throw e;
            }
            first = e;
        } catch (RuntimeException | Error e) {
            first = e;
        }
        try {
            Written written = noted(connection, stage, sql.saveAndNote, records);
            mirrorFailed(stage, first, start);
            return written;
        } catch (SQLException e) {
            breaker.releasePermission();
            e.addSuppressed(first);
            throw e;
        }
    }

    private Written noted(Connection connection, EntityStage stage, TextStatement statement, Object[] arrays)
            throws SQLException {
        List<Intent> intents =
                query(connection, stage, statement, row -> Intent.read(row, keyWidth), values(arrays, new Object[] {
                    mapping.entity()
                }));
        return new Written(intents.stream().map(Intent::key).toList(), intents);
    }

    private Written unmirrored(Connection connection, EntityStage stage, TextStatement statement, Object[] arrays)
            throws SQLException {
        return new Written(query(connection, stage, statement, this::key, arrays), List.of());
    }

    /** Runs a statement under the entity's authority where the stage asks for it, in the same round trip. */
    private <T> List<T> query(
            Connection connection,
            EntityStage stage,
            TextStatement statement,
            TextStatement.RowReader<T> reader,
            Object[] values)
            throws SQLException {
        if (!stage.stage().fenced()) {
            return statement.query(connection, reader, values);
        }
        return statement
                .after(WriteStatements.FENCE)
                .query(connection, reader, values(fenceValues(mapping.entity(), stage.epoch()), values));
    }

    private Written inOwnTransaction(Connection connection, EntityStage stage, Change change) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Written written = writeInTransaction(connection, stage, change, false);
            connection.commit();
            return written;
        } catch (SQLException | RuntimeException | Error e) {
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

    private Written writeInTransaction(Connection connection, EntityStage stage, Change change, boolean fenced)
            throws SQLException {
        WriteStatements sql = statements(connection, stage);
        if (stage.stage().fenced() && !fenced) {
            WriteStatements.FENCE.query(connection, row -> 0, fenceValues(mapping.entity(), stage.epoch()));
        }
        List<RecordKey> keys = switch (change) {
            case Change.Save save -> sql.save.query(connection, this::key, columns(save.rows()));
            case Change.Delete delete -> sql.delete.query(connection, this::key, arrays(delete.keys()));
            case Change.Custom custom ->
                custom.statement()
                        .apply(Databases.dsl(connection), stage.stage().authority());
        };
        if (keys.isEmpty() || mirroring(stage) == Mirroring.NONE) {
            return new Written(keys, List.of());
        }
        if (mirroring(stage) == Mirroring.INLINE && mirrorInSavepoint(connection, stage, sql, change, keys)) {
            return new Written(keys, List.of());
        }
        return new Written(keys, note(connection, sql, keys));
    }

    private List<Intent> note(Connection connection, WriteStatements sql, List<RecordKey> keys) throws SQLException {
        return sql.note.query(connection, row -> Intent.read(row, keyWidth), entityAnd(mapping.entity(), arrays(keys)));
    }

    /** Mirrors within the budget; on any failure nothing of it remains, and false is returned. */
    private boolean mirrorInSavepoint(
            Connection connection, EntityStage stage, WriteStatements sql, Change change, Collection<RecordKey> keys)
            throws SQLException {
        if (mapping.kind() == TableMapping.Kind.COLUMN && change instanceof Change.Delete) {
            return true;
        }
        if (!breaker.tryAcquirePermission()) {
            return false;
        }
        long start = System.nanoTime();
        Object[] arrays = arrays(keys);
        try {
            Object[] budget = budgetValues(settings.mirrorBudget());
            switch (change) {
                case Change.Save save -> sql.mirrorSaved.query(connection, row -> 0, values(budget, arrays));
                case Change.Delete delete -> sql.mirrorDeleted.query(connection, row -> 0, values(budget, arrays));
                case Change.Custom custom ->
                    sql.mirrorBoth.query(connection, row -> 0, values(budget, arrays, bothArrays(arrays)));
            }
            breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            return true;
        } catch (SQLException | RuntimeException | Error e) {
            mirrorFailed(stage, e, start);
            WriteStatements.undoMirror(connection);
            return false;
        }
    }

    private void mirrorFailed(EntityStage stage, Throwable failure, long start) {
        FailureClass kind = FailureClass.of(failure);
        if (kind == FailureClass.OUTAGE) {
            breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
        } else {
            breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
        listener.mirrorMissed(mapping.entity(), stage.stage().authority().opposite(), kind);
    }

    private Mirroring mirroring(EntityStage stage) {
        if (!stage.stage().mirrors()) {
            return Mirroring.NONE;
        }
        boolean switchedOff = !settings.modernWrite() && stage.stage().authority() == Side.LEGACY;
        return areTogether() && !switchedOff ? Mirroring.INLINE : Mirroring.NOTED;
    }

    /**
     * Returns the statements of a stage. What the catalog says of the tables is read anew with each epoch, on the
     * connection at hand: a second one might not be had while all of a pool wait here.
     */
    private WriteStatements statements(Connection connection, EntityStage stage) {
        Prepared known = prepared;
        if (known == null || known.epoch() != stage.epoch()) {
            known = new Prepared(
                    stage.epoch(),
                    new WriteStatements(
                            Databases.dsl(connection),
                            mapping.from(stage.stage().authority())));
            prepared = known;
        }
        return known.statements();
    }

    /** Tells whether one transaction can write both sides of this entity. */
    private boolean areTogether() {
        return databases.areShared() || mapping.kind() == TableMapping.Kind.COLUMN;
    }

    private RuntimeException failure(EntityStage stage, SQLException failure) {
        return isRefusal(failure)
                ? new StageMovedException(mapping.entity(), stage.epoch(), failure)
                : new StatementException(
                        "Writing %s to the %s side"
                                .formatted(
                                        mapping.entity(),
                                        stage.stage().authority().label()),
                        failure);
    }

    private static boolean isRefusal(SQLException failure) {
        return StageMovedException.SQL_STATE.equals(FailureClass.sqlState(failure));
    }

    private RecordKey key(ResultSet row) throws SQLException {
        return TextStatement.key(row, 1, keyWidth);
    }

    private Object[] bothArrays(Object[] arrays) {
        return mapping.kind() == TableMapping.Kind.COLUMN ? NOTHING : arrays;
    }
}
