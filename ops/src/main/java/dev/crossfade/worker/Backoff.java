package dev.crossfade.worker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Growing pauses between tries of something that is down: doubled each time, spread by a fifth, capped. */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private int failures;

    /** Notes a failure and returns how long to wait before the next try. */
    Duration failed() {
        long doubled = FIRST.toMillis() << Math.min(failures++, 20);
        double spread = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
        return Duration.ofMillis((long) (Math.min(doubled, LONGEST.toMillis()) * spread));
    }

    /** Notes a success; tells whether it ends a row of failures. */
    boolean succeeded() {
        boolean ended = failures > 0;
        failures = 0;
        return ended;
    }

    /** Tells whether the last try failed, and it was the first one to. */
    boolean hasJustBegun() {
        return failures == 1;
    }
}
