package dev.crossfade.reconcile;

import static dev.crossfade.sql.TextStatement.arrays;

import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.Projection;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.MirrorWrite.Fitting;
import dev.crossfade.reconcile.MirrorWrite.Refusals;
import dev.crossfade.reconcile.MirrorWrite.Together;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.RowBinding;
import dev.crossfade.statement.WayBackSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The transfer within one database. Row locks serialise the reconciler and the writers: on the authoritative row
 * first, and on the mirror row if there is no authoritative one. Only keys whose authoritative row was locked are
 * upserted, and only mirror rows that were locked are deleted, both in statements after the ones that took the locks.
 */
final class SharedTransfer implements Transfer {

    /** Writers of the same keys wait this long for a paused process. */
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final Duration patience;
    private final Limits limits;
    private final DataSource database;
    private final String entity;
    private final int keyWidth;
    private final boolean inPlace;
    private final TextStatement lockSource;
    private final TextStatement lockTarget;
    private final boolean notesWayBack;
    private final TextStatement forgetAbsent;
    private final MirrorWrite mirrorPresent;
    private final MirrorWrite mirrorAbsent;

    /**
     * Creates a transfer.
     *
     * @param patience how long a statement may take, and how long to search for refused rows. Writers of the same
     *         keys wait for the locks on the authoritative rows, so a slow mirror must not prolong this; then fewer
     *         keys are tried at once
     */
    SharedTransfer(DataSource database, Projection projection, Duration patience) {
        this.patience = patience;
        this.limits = new Limits(CanonicalTransaction.GIVING_WAY, patience, SILENCE);
        this.database = database;
        this.entity = projection.mapping().entity();
        this.keyWidth = projection.source().key().size();
        this.inPlace = projection.inPlace();
        ProjectionSql sql = new ProjectionSql(projection);
        this.lockSource = sql.lockSource();
        this.lockTarget = sql.lockTarget();
        ProjectionSql traced = new ProjectionSql(projection, RowBinding.TRACED);
        this.notesWayBack = WayBackSql.isNeeded(projection);
        WayBackSql wayBack = new WayBackSql(projection, RowBinding.MANY);
        WayBackSql tracedWayBack = new WayBackSql(projection, RowBinding.TRACED);
        this.forgetAbsent = wayBack.forgetAbsent();
        this.mirrorPresent = new MirrorWrite(
                notesWayBack ? wayBack.mirrorPresent() : sql.mirrorPresent(),
                notesWayBack ? tracedWayBack.mirrorPresent() : traced.mirrorPresent(),
                inPlace ? Optional.empty() : fitting(projection),
                Refusals.ofWritesTo(projection.target()),
                Together.of(projection, true));
        this.mirrorAbsent = MirrorWrite.ofDeletions(
                notesWayBack ? wayBack.mirrorAbsent() : sql.mirrorAbsent(),
                notesWayBack ? tracedWayBack.mirrorAbsent() : traced.mirrorAbsent());
    }

    private static Optional<Fitting> fitting(Projection projection) {
        ProjectionSql numbered = new ProjectionSql(projection, RowBinding.NUMBERED);
        return Optional.of(new Fitting(
                projection.target(),
                projection.source().key().size(),
                WayBackSql.isNeeded(projection),
                numbered::mirrorFitting));
    }

    @Override
    public Result apply(List<PendingKey> work, StandingHold hold, Diagnosis diagnosis) throws SQLException {
        return CanonicalTransaction.in(
                database,
                limits,
                connection ->
                        copy(connection, connection, work, hold, diagnosis).result());
    }

    @Override
    public Copied copy(
            Connection legacy, Connection modern, List<PendingKey> work, StandingHold hold, Diagnosis diagnosis)
            throws SQLException {
        hold.beforeMirroring(legacy);
        return new Copied(apply(legacy, work, diagnosis), List.of());
    }

    @Override
    public Locked lock(Connection legacy, Connection modern, List<PendingKey> work, StandingHold hold)
            throws SQLException {
        hold.beforeMirroring(legacy);
        List<RecordKey> keys = work.stream().map(PendingKey::key).toList();
        return new Locked(Set.copyOf(keys), lock(legacy, lockSource, keys));
    }

    private Result apply(Connection connection, List<PendingKey> work, Diagnosis diagnosis) throws SQLException {
        List<RecordKey> keys = work.stream().map(PendingKey::key).toList();
        Set<RecordKey> present = lock(connection, lockSource, keys);
        List<RecordKey> absent =
                keys.stream().filter(key -> !present.contains(key)).toList();
        Set<RecordKey> mirrored = inPlace || absent.isEmpty() ? Set.of() : lock(connection, lockTarget, absent);
        List<Intent> intents =
                work.stream().flatMap(one -> one.intents().stream()).toList();
        Set<Intent> existing = Intents.existing(connection, entity, intents);
        List<RecordKey> noted = work.stream()
                .filter(one -> one.intents().stream().anyMatch(existing::contains))
                .map(PendingKey::key)
                .toList();
        List<RecordKey> upserts = noted.stream().filter(present::contains).toList();
        List<RecordKey> deletes = noted.stream().filter(mirrored::contains).toList();
        Map<RecordKey, SQLException> refused = new HashMap<>();
        refused.putAll(MirrorBatch.write(connection, deletes, mirrorAbsent, TextStatement::arrays, patience));
        refused.putAll(
                MirrorBatch.write(connection, upserts, mirrorPresent.told(diagnosis), TextStatement::arrays, patience));
        List<RecordKey> gone =
                noted.stream().filter(key -> !present.contains(key)).toList();
        if (inPlace && notesWayBack && !gone.isEmpty()) {
            forgetAbsent.query(connection, row -> 0, arrays(gone));
        }
        Intents.delete(connection, entity, Transfer.worked(existing, refused));
        return Result.of(work, existing, refused);
    }

    @Override
    public boolean mayFitHalved(String sqlState) {
        return SqlState.QUERY_CANCELED.equals(sqlState) || Transfer.super.mayFitHalved(sqlState);
    }

    private Set<RecordKey> lock(Connection connection, TextStatement lock, List<RecordKey> keys) throws SQLException {
        return new HashSet<>(lock.query(connection, row -> TextStatement.key(row, 1, keyWidth), arrays(keys)));
    }
}
