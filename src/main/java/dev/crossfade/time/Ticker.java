package dev.crossfade.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Elapsed time, and waiting. The time only ever grows, whatever happens to the machine's clock, and is not the time
 * of day. Thread-safe.
 */
public interface Ticker {

    /** The time of this process. */
    Ticker SYSTEM = new SystemTicker();

    /** Returns nanoseconds since some moment: only differences are meaningful, and they may overflow. */
    long nanos();

    /** Waits; not at all if the duration is not positive. */
    void sleep(Duration duration) throws InterruptedException;

    /** Waits for a signal, or until the time is up; tells whether the signal was given. */
    boolean await(CountDownLatch signal, Duration atMost) throws InterruptedException;
}
