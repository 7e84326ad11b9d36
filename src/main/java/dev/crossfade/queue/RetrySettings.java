package dev.crossfade.queue;

import dev.crossfade.model.SettingChecks;
import java.time.Duration;

/**
 * How a key whose mirror write failed is retried.
 *
 * @param attempts after how many failed attempts a key is parked until an operator looks at it
 * @param firstPause the pause after the first failed attempt; it doubles with each further one, with a jitter of a
 *         fifth
 * @param longestPause the pauses grow up to this
 * @param parentPatience how long a key with an intent waits for a row that it refers to before it becomes a missed
 *         write that waits, which costs no attempt; also how long a deletion waits for rows that refer to the row
 *         before the first attempt is spent
 */
public record RetrySettings(int attempts, Duration firstPause, Duration longestPause, Duration parentPatience) {

    /** The defaults: 10 attempts, pauses of 1 second to 15 minutes, 30 seconds for a parent. */
    public static final RetrySettings DEFAULTS =
            new RetrySettings(10, Duration.ofSeconds(1), Duration.ofMinutes(15), Duration.ofSeconds(30));

    /** Refuses settings that make no sense. */
    public RetrySettings {
        SettingChecks checks = new SettingChecks()
                .atLeast("retry.attempts", attempts, 1)
                .atLeast("retry.first.pause", firstPause, Duration.ofMillis(1))
                .atLeast("retry.longest.pause", longestPause, Duration.ofMillis(1))
                .atLeast("retry.parent.patience", parentPatience, Duration.ZERO);
        checks.refuse();
        checks.require(
                        longestPause.compareTo(firstPause) >= 0,
                        "retry.longest.pause",
                        longestPause,
                        "no shorter than retry.first.pause")
                .refuse();
    }
}
