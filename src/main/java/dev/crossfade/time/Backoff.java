package dev.crossfade.time;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Growing pauses between attempts at something that is down: doubled each time up to the longest, with a jitter of a
 * fifth, so that callers that failed together do not all retry together. For one thread at a time.
 */
public final class Backoff {

    private static final double SPREAD = 0.2;
    /** More doublings make no difference, and would overflow. */
    private static final int MOST_DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private final DoubleSupplier random;
    private int failures;

    /** Creates one that starts with a pause of about {@code first} and never waits for longer than {@code longest}. */
    public Backoff(Duration first, Duration longest) {
        this(first, longest, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Takes the jitter from {@code random}, which returns numbers from 0 to 1. */
    Backoff(Duration first, Duration longest, DoubleSupplier random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** Notes a failure and returns how long to wait before the next attempt. */
    public Duration failed() {
        long doubled = first.toMillis() << Math.min(failures++, MOST_DOUBLINGS);
        double spread = 1 - SPREAD + 2 * SPREAD * random.getAsDouble();
        long millis = (long) (Math.min(doubled, longest.toMillis()) * spread);
        return Duration.ofMillis(Math.min(millis, longest.toMillis()));
    }

    /** Notes a success; tells whether it ends a series of failures. */
    public boolean succeeded() {
        boolean ended = failures > 0;
        failures = 0;
        return ended;
    }

    /** Tells whether the last attempt failed and was the first one to fail. */
    public boolean hasJustBegun() {
        return failures == 1;
    }
}
