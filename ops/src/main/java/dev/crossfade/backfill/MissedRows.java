package dev.crossfade.backfill;

import dev.crossfade.control.BackfillTable;
import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.reconcile.WaitingRows;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jooq.DSLContext;

/**
 * Records the rows that a run skips. Each becomes a missed write in the same transaction as the checkpoint behind it,
 * under a lock that keeps the authority from moving.
 */
record MissedRows(Databases databases, TableMapping mapping, List<TableMapping> all, StandingHold hold) {

    /** Records rows that wait for others, in the transaction that advances the checkpoint. */
    void note(Connection legacy, Map<RecordKey, SQLException> waiting) throws SQLException {
        if (!waiting.isEmpty()) {
            hold.beforeNoting(legacy);
            new MissedWrites(Databases.dsl(legacy)).missed(mapping.entity(), Side.MODERN, waiting);
        }
    }

    /** Records one row that does not fit, and moves the checkpoint past it. */
    void pass(RecordKey key, OffsetDateTime began, SQLException failure) throws SQLException {
        CanonicalTransaction.in(databases.control(), Limits.READING, connection -> {
            hold.beforeNoting(connection);
            DSLContext control = Databases.dsl(connection);
            new MissedWrites(control).missed(mapping.entity(), key, Side.MODERN, failure);
            BackfillTable.advance(control, mapping.entity(), began, key, 1, 0);
            return key;
        });
    }

    /** Inserts rows that came before the rows they refer to, and rows that refer to each other; returns how many. */
    int bringIn(BooleanSupplier stopped) {
        Reconciler reconciler = new Reconciler(databases, ReconcileListener.NONE).beside(() -> all);
        return new WaitingRows(databases, reconciler).bringIn(mapping, stopped);
    }
}
