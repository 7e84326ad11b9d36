package dev.crossfade.schema;

import dev.crossfade.model.SettingChecks;
import java.time.Duration;

/**
 * How long the runner waits for locks, and how often it retries.
 *
 * @param lockTimeout how long a statement inside a transaction waits for a table lock. Others queue behind it, so the
 *     service may be blocked for this long; {@code CONCURRENTLY} statements block nobody and wait without limit
 * @param lockAttempts how often such a transaction is tried, at least once
 * @param lockPause how long to wait before the second attempt; doubled for each further one, up to 30 seconds
 * @param runnerWait how long to wait for another runner to finish
 */
public record SchemaSettings(Duration lockTimeout, int lockAttempts, Duration lockPause, Duration runnerWait) {

    /**
     * The settings used where nothing is set: a lock timeout of half a second, 12 attempts, a first pause of 1 second,
     * and 5 minutes of wait for another runner. The lock timeout is below the server's deadlock timeout, so in a
     * deadlock the migration backs off.
     */
    public static final SchemaSettings DEFAULTS =
            new SchemaSettings(Duration.ofMillis(500), 12, Duration.ofSeconds(1), Duration.ofMinutes(5));

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Refuses to wait for ever, and not to wait at all. */
    public SchemaSettings {
        new SettingChecks()
                .atLeast("migrate.lock.timeout", lockTimeout, Duration.ofMillis(1))
                .atLeast("migrate.lock.attempts", lockAttempts, 1)
                .atLeast("migrate.lock.pause", lockPause, Duration.ofMillis(1))
                .atLeast("migrate.runner.wait", runnerWait, Duration.ofMillis(1))
                .refuse();
    }

    /** Returns these settings with another lock timeout. */
    public SchemaSettings withLockTimeout(Duration timeout) {
        return new SchemaSettings(timeout, lockAttempts, lockPause, runnerWait);
    }

    /** Returns these settings with another number of attempts and another first pause. */
    public SchemaSettings withLockAttempts(int attempts, Duration pause) {
        return new SchemaSettings(lockTimeout, attempts, pause, runnerWait);
    }

    /** Returns these settings with another time to wait for other runners. */
    public SchemaSettings withRunnerWait(Duration wait) {
        return new SchemaSettings(lockTimeout, lockAttempts, lockPause, wait);
    }

    /** Returns the pause after the given attempt, counted from 1. */
    Duration pauseAfter(int attempt) {
        Duration pause = lockPause.multipliedBy(1L << Math.min(attempt - 1, 20));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
