package dev.crossfade.backfill;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jooq.ResultQuery;
import org.jooq.SelectForUpdateStep;

/** Copies the next rows in key order, for one topology. */
interface BatchCopy {

    /** How long to wait for one row's lock: longer than a busy row's queue of writers takes. */
    Duration LOCK_OF_ONE_ROW = Duration.ofSeconds(5);

    /**
     * Makes deferred constraints fail at once. At the commit they would fail the whole batch, without telling which
     * row.
     */
    TextStatement CHECK_AT_ONCE = new TextStatement("set constraints all immediate");

    /**
     * The result of a batch.
     *
     * @param last the last key that was read
     * @param read rows read
     * @param written rows inserted
     * @param waiting keys whose rows were not written, because they refer to rows that are not there yet
     */
    record Copied(RecordKey last, long read, long written, Map<RecordKey, SQLException> waiting) {

        /** Creates the result of a batch in which no row waits. */
        Copied(RecordKey last, long read, long written) {
            this(last, read, written, Map.of());
        }
    }

    /**
     * Copies the next rows of a range in key order. Rows that are there already stay as they are. The authoritative
     * rows are locked against deletion and key changes until the mirror's rows are committed.
     *
     * @param legacy a connection in a canonical transaction that the caller commits
     * @param hold the stage at which the entity was seen; it is checked before anything is locked
     * @return empty if the range has no row
     * @throws SQLException if a row does not fit; nothing of the batch was copied
     */
    Optional<Copied> copy(Connection legacy, KeyRange range, BatchSize size, StandingHold hold) throws SQLException;

    /** Returns a query for the first row of a range, to be locked by {@link #await}. */
    static SelectForUpdateStep<?> first(Connection legacy, KeyRange range, Relation source) {
        return Databases.dsl(legacy)
                .selectOne()
                .from(source.aliased())
                .where(range.covers(source))
                .orderBy(source.keyFields())
                .limit(1);
    }

    /**
     * Runs a query that locks one row. It waits longer than a transaction that backs off does: while this one holds no
     * other lock, it cannot be part of a deadlock.
     */
    static void await(Connection legacy, ResultQuery<?> locking) throws SQLException {
        CanonicalTransaction.waitForLocks(legacy, LOCK_OF_ONE_ROW);
        locking.fetch();
        CanonicalTransaction.waitForLocks(legacy, CanonicalTransaction.GIVING_WAY);
    }

    /** Returns the copy for a mapping's topology. */
    static BatchCopy of(Databases databases, Projection projection) {
        if (projection.inPlace()) {
            return new InPlaceCopy(projection);
        }
        return projection.sidesShareTransaction(databases)
                ? new SharedCopy(projection)
                : new SeparateCopy(databases, projection);
    }
}
