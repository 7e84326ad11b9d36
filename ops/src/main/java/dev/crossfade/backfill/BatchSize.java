package dev.crossfade.backfill;

import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import java.time.Duration;

/**
 * How many rows the next batch has, and how long a statement of it may take. Deletions of the rows of a batch wait for
 * it, so it is made smaller when it runs into a limit; it grows again while batches go through.
 *
 * <p>A row alone may take as long as it does. Where that is long, the statement itself is what takes the time, and
 * fewer rows would not help: batches may take a few times as long then.
 */
final class BatchSize {

    private static final Duration STATEMENT = Duration.ofSeconds(1);
    private static final int OF_A_ROW_ALONE = 3;
    private static final Duration ALONE = Duration.ofSeconds(30);

    private final int most;
    private int rows;
    private Duration patience = STATEMENT;

    /** Begins with the largest size. */
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
     * Returns the limits of the transactions of a batch. Between two databases each is silent while the other one
     * works, so the longest silence is that of a statement, doubled; of a row alone, half a minute.
     */
    Limits limits() {
        return isOneRow()
                ? new Limits(CanonicalTransaction.GIVING_WAY, Duration.ZERO, ALONE)
                : new Limits(CanonicalTransaction.GIVING_WAY, patience, patience.multipliedBy(2));
    }

    /** A batch of this size went through. */
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
