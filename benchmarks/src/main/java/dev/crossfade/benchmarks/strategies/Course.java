package dev.crossfade.benchmarks.strategies;

import java.time.Duration;

/**
 * How large a migration is, and how long its parts take.
 *
 * @param rows how many rows the legacy table has at first
 * @param slice how long the load is watched before the migration, after the switch, and after the way back
 * @param dwell how long each stage lasts before the next one
 * @param rowsPerSecond the most rows that a backfill copies in a second
 * @param patience how long the naive strategy waits for equal counts before it switches anyway
 */
record Course(int rows, Duration slice, Duration dwell, int rowsPerSecond, Duration patience) {

    /** Rows that a backfill copies at a time. */
    static final int BATCH = 500;

    /** For published numbers. */
    static final Course FULL =
            new Course(300_000, Duration.ofSeconds(20), Duration.ofSeconds(10), 10_000, Duration.ofSeconds(20));

    /** For a quick look during development. */
    static final Course QUICK =
            new Course(30_000, Duration.ofSeconds(3), Duration.ofSeconds(1), 10_000, Duration.ofSeconds(2));

    /** Runs first and is dropped, so that classes are loaded and compiled. */
    static final Course REHEARSAL =
            new Course(5_000, Duration.ofMillis(700), Duration.ofMillis(300), 10_000, Duration.ofMillis(300));
}
