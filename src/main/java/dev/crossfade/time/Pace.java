package dev.crossfade.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What is to be done again when some time has passed since it was done. It is due at first. Done by one thread at a
 * time; any may ask.
 */
public final class Pace {

    private final Duration time;
    private final Ticker ticker;
    private volatile long doneAt;
    private volatile boolean done;

    /** Makes one for something that was not done yet. */
    public Pace(Duration time) {
        this(time, Ticker.SYSTEM);
    }

    /** Makes one for something that was not done yet, as a ticker counts the time. */
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
