package dev.crossfade.flags;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.sql.SqlState;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.sql.SQLException;
import java.time.Duration;

/** The time for which writers may be kept out at once. */
final class Window {

    /** Counted from the first lock that is asked for: writers already wait behind whoever waits for it. */
    static final Duration LONGEST = Duration.ofMillis(200);

    /** In which writers go on before they are kept out again. */
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final Deadline end = Deadline.after(LONGEST);

    boolean isOver() {
        return end.isOver();
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
        return Duration.ofMillis(Math.max(1, end.left().toMillis()));
    }

    /** Lets writers go on for a while, before the next attempt. */
    static void pause() {
        pause(BETWEEN);
    }

    static void pause(Duration duration) {
        Pause.of(duration, e -> new CrossfadeException("The change of stages was interrupted before it happened.", e));
    }
}
