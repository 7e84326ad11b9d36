package dev.crossfade.backfill;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.model.RecordKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** One topology's way of copying the next rows in key order. */
interface BatchCopy {

    /** The SQLSTATE of a row that is there already. */
    String UNIQUE_VIOLATION = "23505";

    /**
     * What a batch did.
     *
     * @param last the last key that was read
     * @param read rows read
     * @param written rows that were not there
     */
    record Copied(RecordKey last, long read, long written) {}

    /**
     * Copies up to {@code limit} rows of a range, the first in key order, keeping the rows that are there. The
     * authoritative rows are locked against deletion and key changes until the mirror's rows are committed.
     *
     * @param legacy a connection in a canonical transaction that the caller commits
     * @param patience how long a statement on the modern side may take where that is another database, zero for no limit
     * @return empty if the range has no row
     * @throws SQLException if a row does not fit; nothing of the batch was copied
     */
    Optional<Copied> copy(Connection legacy, KeyRange range, int limit, Duration patience) throws SQLException;

    /** Returns the way for a mapping. */
    static BatchCopy of(Databases databases, Projection projection) {
        if (projection.inPlace()) {
            return new InPlaceCopy(projection);
        }
        return databases.areShared() ? new SharedCopy(projection) : new SeparateCopy(databases, projection);
    }
}
