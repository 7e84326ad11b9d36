package dev.crossfade.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * The time that passes, and waiting for it. It only ever grows, whatever is done to the machine's clock, and says
 * nothing of the time of day. Thread-safe.
 */
public interface Ticker {

    /** The time of this process. */
    Ticker SYSTEM = new SystemTicker();

    /** Returns nanoseconds since some moment: only differences mean something, and they may overflow. */
    long nanos();

    /** Waits; not at all for what is not positive. */
    void sleep(Duration duration) throws InterruptedException;

    /** Waits for a signal, or until the time is up; tells whether the signal was given. */
    boolean await(CountDownLatch signal, Duration atMost) throws InterruptedException;
}
