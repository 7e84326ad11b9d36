package dev.crossfade.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The moment at which a wait ends. Immutable and thread-safe. */
public final class Deadline {

    private final Ticker ticker;
    private final long end;

    private Deadline(Ticker ticker, long end) {
        this.ticker = ticker;
        this.end = end;
    }

    /** Returns the deadline after a time from now. */
    public static Deadline after(Duration time) {
        return after(time, Ticker.SYSTEM);
    }

    /** Returns the deadline after a time from now, as a ticker counts it. */
    public static Deadline after(Duration time, Ticker ticker) {
        return new Deadline(ticker, ticker.nanos() + TimeUnit.NANOSECONDS.convert(time));
    }

    /** Tells whether it has passed. */
    public boolean isOver() {
        return ticker.nanos() - end >= 0;
    }

    /** Returns the time left, zero once it has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - ticker.nanos()));
    }
}
