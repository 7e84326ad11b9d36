package dev.crossfade.flags;

import java.time.Duration;

/** The time for which writers may be kept out at once. */
final class Window {

    /** Counted from the first lock that is asked for: writers already wait behind whoever waits for it. */
    static final Duration LONGEST = Duration.ofMillis(200);

    private final long end = System.nanoTime() + LONGEST.toNanos();

    /** It is over, and what was to be done in it is not done. */
    static final class OverException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        OverException() {
            super("The time for which writers may be kept out is over.", null, false, false);
        }
    }

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    /**
     * Returns what is left of it, a millisecond at least.
     *
     * @throws OverException if nothing is
     */
    Duration left() {
        if (isOver()) {
            throw new OverException();
        }
        return Duration.ofMillis(
                Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
    }
}
