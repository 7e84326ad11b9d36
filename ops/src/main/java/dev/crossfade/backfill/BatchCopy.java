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

/** One topology's way of copying the next rows in key order. */
interface BatchCopy {

    /** Longer than the queue of those who take turns at a row that is written all the time. */
    Duration LOCK_OF_ONE_ROW = Duration.ofSeconds(5);

    /** What is deferred until the commit would fail the batch there, where no row can be told any more. */
    TextStatement CHECK_AT_ONCE = new TextStatement("set constraints all immediate");

    /**
     * What a batch did.
     *
     * @param last the last key that was read
     * @param read rows read
     * @param written rows that were not there
     * @param waiting keys whose rows refer to rows that are not there, and are not written therefore
     */
    record Copied(RecordKey last, long read, long written, Map<RecordKey, SQLException> waiting) {

        /** Of a batch in which none waits. */
        Copied(RecordKey last, long read, long written) {
            this(last, read, written, Map.of());
        }
    }

    /**
     * Copies the next rows of a range, the first in key order, keeping the rows that are there. The authoritative rows
     * are locked against deletion and key changes until the mirror's rows are committed.
     *
     * @param legacy a connection in a canonical transaction that the caller commits
     * @param hold where the entity was seen; it is proven before anything is locked
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
     * Runs a query that locks one row, and waits for that longer than a transaction does which gives way: while nothing
     * else is locked, no circle of waits can come of it.
     */
    static void await(Connection legacy, ResultQuery<?> locking) throws SQLException {
        CanonicalTransaction.waitForLocks(legacy, LOCK_OF_ONE_ROW);
        locking.fetch();
        CanonicalTransaction.waitForLocks(legacy, CanonicalTransaction.GIVING_WAY);
    }

    /** Returns the way for a mapping. */
    static BatchCopy of(Databases databases, Projection projection) {
        if (projection.inPlace()) {
            return new InPlaceCopy(projection);
        }
        return projection.sidesShareTransaction(databases)
                ? new SharedCopy(projection)
                : new SeparateCopy(databases, projection);
    }
}
