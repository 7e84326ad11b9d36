package dev.crossfade.backfill;

import java.time.Duration;

/**
 * How many rows the next batch has, and how long a statement of it may take. Deletions of the rows of a batch wait for it, so
 * it is made smaller when it runs into a limit; it grows again while batches go through.
 *
 * <p>A row alone may take as long as it does. Where that is long, the statement itself is what takes the time, and fewer
 * rows would not help: batches may take a few times as long then.
 */
final class BatchSize {

    private static final Duration STATEMENT = Duration.ofSeconds(1);
    private static final int OF_A_ROW_ALONE = 3;

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

    /** Returns how long a statement may take, zero for no limit. */
    Duration patience() {
        return isOneRow() ? Duration.ZERO : patience;
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
