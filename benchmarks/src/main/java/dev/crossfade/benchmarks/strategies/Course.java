package dev.crossfade.benchmarks.strategies;

import java.time.Duration;

/**
 * How large a migration is, and how long its parts take.
 *
 * @param rows how many rows the legacy table has at first
 * @param slice how long the load is watched before the migration, after the switch, and after the way back
 * @param dwell how long each stage is kept before the next one
 * @param rowsPerSecond how many rows a second a backfill copies at most
 * @param patience how long the naive strategy waits for equal counts before it switches without them
 */
record Course(int rows, Duration slice, Duration dwell, int rowsPerSecond, Duration patience) {

    /** Rows that a backfill copies at a time. */
    static final int BATCH = 500;

    /** For numbers to publish. */
    static final Course FULL =
            new Course(300_000, Duration.ofSeconds(20), Duration.ofSeconds(10), 10_000, Duration.ofSeconds(20));

    /** For a look while working. */
    static final Course QUICK =
            new Course(30_000, Duration.ofSeconds(3), Duration.ofSeconds(1), 10_000, Duration.ofSeconds(2));

    /** What runs first, and is dropped: classes are loaded and compiled in it. */
    static final Course REHEARSAL =
            new Course(5_000, Duration.ofMillis(700), Duration.ofMillis(300), 10_000, Duration.ofMillis(300));
}
