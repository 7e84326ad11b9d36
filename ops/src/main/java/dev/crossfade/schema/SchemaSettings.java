package dev.crossfade.schema;

import dev.crossfade.model.InvalidInputException;
import java.time.Duration;

/**
 * How patient the runner is.
 *
 * @param lockTimeout how long a statement inside a transaction waits for a table lock. Whoever comes after it queues
 *     behind it, so this is how long the service may stand still; {@code CONCURRENTLY} statements block nobody and wait
 *     without limit
 * @param lockAttempts how often such a transaction is tried, at least once
 * @param lockPause how long to wait before the second attempt; doubled for each further one, up to 30 seconds
 * @param runnerWait how long to wait for another runner to finish
 */
public record SchemaSettings(Duration lockTimeout, int lockAttempts, Duration lockPause, Duration runnerWait) {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Refuses settings that would wait for ever or not at all. */
    public SchemaSettings {
        requirePositive("lock timeout", lockTimeout);
        requirePositive("lock pause", lockPause);
        requirePositive("runner wait", runnerWait);
        if (lockAttempts < 1) {
            throw new InvalidInputException("The lock attempts are %s; name 1 or more.".formatted(lockAttempts));
        }
    }

    /**
     * Returns half a second of lock timeout, 12 attempts, 1 second of first pause, 5 minutes of wait for another
     * runner. The lock timeout is below the server's deadlock timeout, so that in a circle of waits it is the migration
     * that gives way.
     */
    public static SchemaSettings defaults() {
        return new SchemaSettings(Duration.ofMillis(500), 12, Duration.ofSeconds(1), Duration.ofMinutes(5));
    }

    /** Returns these settings with another lock timeout. */
    public SchemaSettings withLockTimeout(Duration timeout) {
        return new SchemaSettings(timeout, lockAttempts, lockPause, runnerWait);
    }

    /** Returns these settings with other attempts and another first pause. */
    public SchemaSettings withLockAttempts(int attempts, Duration pause) {
        return new SchemaSettings(lockTimeout, attempts, pause, runnerWait);
    }

    /** Returns these settings with another wait for other runners. */
    public SchemaSettings withRunnerWait(Duration wait) {
        return new SchemaSettings(lockTimeout, lockAttempts, lockPause, wait);
    }

    /** Returns the pause after the given attempt, counted from 1. */
    Duration pauseAfter(int attempt) {
        Duration pause = lockPause.multipliedBy(1L << Math.min(attempt - 1, 20));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static void requirePositive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new InvalidInputException("The %s is %s ms; name 1 ms or more.".formatted(name, value.toMillis()));
        }
    }
}
