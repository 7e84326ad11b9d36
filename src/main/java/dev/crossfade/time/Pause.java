package dev.crossfade.time;

import java.time.Duration;
import java.util.function.Function;

/** Waits on the caller's thread. An interruption ends the wait at once, and the thread stays marked as interrupted. */
public final class Pause {

    private Pause() {}

    /**
     * Waits.
     *
     * @param interrupted creates the exception that is thrown if the wait is interrupted
     */
    public static void of(Duration duration, Function<InterruptedException, ? extends RuntimeException> interrupted) {
        of(duration, interrupted, Ticker.SYSTEM);
    }

    static void of(
            Duration duration, Function<InterruptedException, ? extends RuntimeException> interrupted, Ticker ticker) {
        try {
            ticker.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted.apply(e);
        }
    }

    /** Waits; tells whether it was for the whole time and not interrupted. */
    public static boolean unlessInterrupted(Duration duration) {
        return unlessInterrupted(duration, Ticker.SYSTEM);
    }

    static boolean unlessInterrupted(Duration duration, Ticker ticker) {
        try {
            ticker.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
