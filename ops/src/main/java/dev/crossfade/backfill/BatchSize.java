package dev.crossfade.backfill;

import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import java.time.Duration;

/**
 * Decides how many rows the next batch has, and how long its statements may take. Deletions of a batch's rows wait for
 * the batch, so it shrinks when it runs into a limit. It grows again while batches succeed.
 *
 * <p>A batch of one row has no time limit. If it takes long, the statement itself is slow and fewer rows would not
 * help, so later batches may take a few times as long as it did.
 */
final class BatchSize {

    private static final Duration STATEMENT = Duration.ofSeconds(1);
    private static final int OF_A_ROW_ALONE = 3;
    private static final Duration ALONE = Duration.ofSeconds(30);

    private final int most;
    private int rows;
    private Duration patience = STATEMENT;

    /** Starts with the largest size. */
    BatchSize(int most) {
        this.most = most;
        this.rows = most;
    }

    int rows() {
        return rows;
    }

    boolean isOneRow() {
        return rows == 1;
    }

    /**
     * Returns the limits of a batch's transactions. Between two databases each session is idle while the other works,
     * so it may be idle for twice as long as a statement may take; for a batch of one row, half a minute.
     */
    Limits limits() {
        return isOneRow()
                ? new Limits(CanonicalTransaction.GIVING_WAY, Duration.ZERO, ALONE)
                : new Limits(CanonicalTransaction.GIVING_WAY, patience, patience.multipliedBy(2));
    }

    /** A batch of this size succeeded. */
    void wentThrough(Duration took) {
        if (isOneRow()) {
            Duration allowed = took.multipliedBy(OF_A_ROW_ALONE);
            patience = allowed.compareTo(STATEMENT) > 0 ? allowed : STATEMENT;
        }
        rows = Math.min(most, rows * 2);
    }

    /** A batch of this size ran into a limit, or has a row that does not fit. */
    void shrink() {
        rows = Math.max(1, rows / 8);
    }
}
