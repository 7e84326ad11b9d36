package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** Asserts how long a write may take while its mirror is obstructed. */
final class InTime {

    /** Far more than a budget, for busy machines, and less than any obstacle lasts. */
    private static final Duration BOUND = Duration.ofMillis(1500);

    private InTime() {}

    /** Runs work that must not take longer. */
    static void inTime(String operation, Runnable work) {
        long start = System.nanoTime();
        work.run();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(operation).isLessThan(BOUND);
    }
}
