package dev.crossfade.control;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs a failure once, and once that it is over; in between, at growing intervals, how often it has failed. It is
 * over after some seconds without a failure, so alternating failures and successes count as one trouble. Thread-safe;
 * a success costs next to nothing while there is no trouble.
 */
public final class TroubleLog {

    private static final Duration CALM = Duration.ofSeconds(5);
    private static final Duration FIRST_COUNT = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Logger log;
    private final String over;
    private final LongSupplier nanoTime;
    private final Map<String, String> about = new LinkedHashMap<>();
    private volatile boolean open;
    private long begun;
    private long last;
    private long count;
    private long nextCount;
    private Duration interval = FIRST_COUNT;

    /**
     * Creates the log of one kind of trouble.
     *
     * @param over the sentence that is logged when it is over
     */
    public TroubleLog(Logger log, String over) {
        this(log, over, System::nanoTime);
    }

    TroubleLog(Logger log, String over, LongSupplier nanoTime) {
        this.log = log;
        this.over = over;
        this.nanoTime = nanoTime;
    }

    /** Adds a key-value pair to every line, for structured logs. Call it before the first failure. */
    public TroubleLog about(String key, String value) {
        about.put(key, value);
        return this;
    }

    /** Reports a failure; {@code message} is a sentence that says what failed, what it means and what to do. */
    public void failed(String message) {
        failed(Level.WARN, message, null);
    }

    /**
     * Reports a failure.
     *
     * @param level the level of the first line
     * @param cause its stack trace goes with that line, and at DEBUG with the others; null for none
     */
    public synchronized void failed(Level level, String message, @Nullable Throwable cause) {
        long now = nanoTime.getAsLong();
        last = now;
        if (!open) {
            open = true;
            begun = now;
            count = 1;
            interval = FIRST_COUNT;
            nextCount = now + interval.toNanos();
            event(level, cause).log(message);
            return;
        }
        count++;
        event(Level.DEBUG, cause).log(message);
        if (now - nextCount >= 0) {
            interval = interval.multipliedBy(2).compareTo(LONGEST) < 0 ? interval.multipliedBy(2) : LONGEST;
            nextCount = now + interval.toNanos();
            event(Level.WARN, null).log("{} It has failed {} times in {} s.", message, count, seconds(now));
        }
    }

    /** Reports a success; that ends the trouble if nothing has failed for some seconds. */
    public void succeeded() {
        if (open) {
            end();
        }
    }

    private synchronized void end() {
        long now = nanoTime.getAsLong();
        if (open && now - last >= CALM.toNanos()) {
            open = false;
            event(Level.INFO, null).log("{} It had failed {} times in {} s.", over, count, seconds(last));
        }
    }

    /** Tells whether there was a failure that is not known to be over. */
    public boolean isOpen() {
        return open;
    }

    private long seconds(long until) {
        return Duration.ofNanos(until - begun).toSeconds();
    }

    private LoggingEventBuilder event(Level level, @Nullable Throwable cause) {
        LoggingEventBuilder event = log.atLevel(level);
        for (Map.Entry<String, String> pair : about.entrySet()) {
            event = event.addKeyValue(pair.getKey(), pair.getValue());
        }
        return cause == null ? event : event.setCause(cause);
    }
}
