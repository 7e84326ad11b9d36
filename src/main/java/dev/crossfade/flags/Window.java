package dev.crossfade.flags;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.sql.SqlState;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.sql.SQLException;
import java.time.Duration;

/** The time for which writers may be blocked at once. */
final class Window {

    /** Counted from the first lock request: writers already queue behind a pending request. */
    static final Duration LONGEST = Duration.ofMillis(200);

    /** How long writers continue before they are blocked again. */
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final Deadline end = Deadline.after(LONGEST);

    boolean isOver() {
        return end.isOver();
    }

    /**
     * Returns the time left, at least a millisecond.
     *
     * @throws SQLException if none is left, with the SQLSTATE of a statement timeout
     */
    Duration left() throws SQLException {
        if (isOver()) {
            throw new SQLException("the time for which writers may be kept out is over", SqlState.QUERY_CANCELED);
        }
        return Duration.ofMillis(Math.max(1, end.left().toMillis()));
    }

    /** Lets writers continue for a while before the next attempt. */
    static void pause() {
        pause(BETWEEN);
    }

    static void pause(Duration duration) {
        Pause.of(duration, e -> new CrossfadeException("The change of stages was interrupted before it happened.", e));
    }
}
