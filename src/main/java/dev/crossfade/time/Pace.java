package dev.crossfade.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Paces a task that is due again some time after it was last done. It is due at first. One thread at a time may do
 * it; any thread may ask.
 */
public final class Pace {

    private final Duration time;
    private final Ticker ticker;
    private volatile long doneAt;
    private volatile boolean done;

    /** Creates one for a task that was not done yet. */
    public Pace(Duration time) {
        this(time, Ticker.SYSTEM);
    }

    /** Creates one for a task that was not done yet, as a ticker counts the time. */
    public Pace(Duration time, Ticker ticker) {
        this.time = time;
        this.ticker = ticker;
    }

    /** Tells whether it was never done, or so long ago that it is due again. */
    public boolean isDue() {
        return !wasDoneWithin(time);
    }

    /** Notes that it was done now. */
    public void done() {
        doneAt = ticker.nanos();
        done = true;
    }

    /** Tells whether it was done, and less than this time ago. */
    public boolean wasDoneWithin(Duration limit) {
        return done && ticker.nanos() - doneAt < TimeUnit.NANOSECONDS.convert(limit);
    }
}
