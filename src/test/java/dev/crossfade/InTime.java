package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** How long a write may take while something is in the way of its mirror. */
final class InTime {

    /** Far more than a budget, for busy machines, and less than any obstacle lasts. */
    private static final Duration BOUND = Duration.ofMillis(1500);

    private InTime() {}

    /** Does something that must not take longer. */
    static void inTime(String operation, Runnable work) {
        long start = System.nanoTime();
        work.run();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(operation).isLessThan(BOUND);
    }
}
