package dev.crossfade.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with settings, so that all of it is refused at once: a line for each, with the setting, what
 * was seen, and what is allowed. Public for the settings of all rooms. Not thread-safe.
 */
public final class SettingChecks {

    /** Longer ones would not fit into nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final long MILLIS_OF_SECOND = 1000;

    private final List<String> problems = new ArrayList<>();

    /** Requires something of a setting. */
    public SettingChecks require(boolean holds, String setting, @Nullable Object seen, String allowed) {
        if (!holds) {
            problems.add("%s is %s; it must be %s.".formatted(setting, shown(seen), allowed));
        }
        return this;
    }

    /** Requires that there is a value. */
    public SettingChecks given(String setting, @Nullable Object seen) {
        return require(seen != null, setting, seen, "given");
    }

    /** Requires a number that is not too small. */
    public SettingChecks atLeast(String setting, long seen, long least) {
        return require(seen >= least, setting, seen, least + " or more");
    }

    /** Requires a number from the least to the most. */
    public SettingChecks within(String setting, long seen, long least, long most) {
        return require(seen >= least && seen <= most, setting, seen, "from %s to %s".formatted(least, most));
    }

    /** Requires a time that is not too short, nor longer than a hundred years. */
    public SettingChecks atLeast(String setting, @Nullable Duration seen, Duration least) {
        if (seen == null || seen.compareTo(least) < 0) {
            return require(false, setting, seen, shown(least) + " or more");
        }
        return require(seen.compareTo(LONGEST) <= 0, setting, seen, "at most " + shown(LONGEST));
    }

    /** Requires a time from the least to the most. */
    public SettingChecks within(String setting, @Nullable Duration seen, Duration least, Duration most) {
        return require(
                seen != null && seen.compareTo(least) >= 0 && seen.compareTo(most) <= 0,
                setting,
                seen,
                "from %s to %s".formatted(shown(least), shown(most)));
    }

    /** Adds a problem that is a sentence of its own. */
    public SettingChecks add(String problem) {
        problems.add(problem);
        return this;
    }

    /**
     * Ends the checks.
     *
     * @throws InvalidInputException if anything is wrong; its message has a line for each problem
     */
    public void refuse() {
        if (!problems.isEmpty()) {
            throw new InvalidInputException(String.join(System.lineSeparator(), problems));
        }
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "missing";
            case Duration time -> shown(time);
            default -> value.toString();
        };
    }

    private static String shown(Duration time) {
        if (time.getNano() % 1_000_000 != 0 || time.abs().compareTo(LONGEST) > 0) {
            return time.toString();
        }
        if (time.toMillis() % MILLIS_OF_SECOND != 0) {
            return time.toMillis() + " ms";
        }
        long seconds = time.toSeconds();
        boolean inDays = seconds != 0 && seconds % Duration.ofDays(1).toSeconds() == 0;
        return inDays ? time.toDays() + " d" : seconds + " s";
    }
}
