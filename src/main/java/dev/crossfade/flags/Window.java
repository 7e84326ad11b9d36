package dev.crossfade.flags;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time for which writers may be kept out at once. */
final class Window {

    /** Counted from the first lock that is asked for: writers already wait behind whoever waits for it. */
    static final Duration LONGEST = Duration.ofMillis(200);

    /** In which writers go on before they are kept out again. */
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final long end = System.nanoTime() + LONGEST.toNanos();

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    /**
     * Returns what is left of it, a millisecond at least.
     *
     * @throws SQLException if nothing is, with the SQLSTATE of a statement that has taken too long
     */
    Duration left() throws SQLException {
        if (isOver()) {
            throw new SQLException("the time for which writers may be kept out is over", SqlState.QUERY_CANCELED);
        }
        return Duration.ofMillis(
                Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
    }

    /** Lets writers go on for a while, before the next attempt. */
    static void pause() {
        pause(BETWEEN);
    }

    static void pause(Duration duration) {
        try {
            TimeUnit.MILLISECONDS.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The change of stages was interrupted before it happened.", e);
        }
    }
}
