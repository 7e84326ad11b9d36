package dev.crossfade.capture;

import dev.crossfade.model.InvalidInputException;
import java.time.Duration;

/**
 * How long the installation waits for a table's lock, and how often it retries.
 *
 * @param timeout how long it waits for the table's lock. Writers queue behind it, so they may be blocked for this long
 * @param attempts how often it is tried
 * @param pause how long to wait before the second attempt; doubled for each further one, up to 30 seconds
 */
public record LockPatience(Duration timeout, int attempts, Duration pause) {

    /** 1 second, 10 times, with a first pause of 1 second. */
    public static final LockPatience DEFAULTS = new LockPatience(Duration.ofSeconds(1), 10, Duration.ofSeconds(1));

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Refuses to wait for ever, and not to wait at all. */
    public LockPatience {
        if (timeout.toMillis() < 1 || attempts < 1 || pause.toMillis() < 1) {
            throw new InvalidInputException(
                    "Waiting for a table's lock needs 1 ms or more, 1 attempt or more and a pause of 1 ms or more, not %s ms, %s and %s ms."
                            .formatted(timeout.toMillis(), attempts, pause.toMillis()));
        }
    }

    /** Returns the pause after an attempt, counted from 1. */
    Duration pauseAfter(int attempt) {
        Duration grown = pause.multipliedBy(1L << Math.min(attempt - 1, 20));
        return grown.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : grown;
    }
}
