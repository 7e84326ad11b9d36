package dev.crossfade.time;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations are written: in settings a number and its unit, in messages the two biggest units. */
public final class DurationText {

    /** Examples for messages. */
    public static final String EXAMPLES = "500ms, 2s, 1m or 24h";

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private DurationText() {}

    /** Reads a duration, empty if the text is not one. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }

    /** Returns a duration in its two biggest units, for people. */
    public static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds < 10 && duration.toMillis() % 1000 != 0
                    ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0)
                    : seconds + " s";
        }
        if (seconds < 3_600) {
            return units(seconds / 60, "min", seconds % 60, "s");
        }
        return seconds < 86_400
                ? units(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
                : units(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
    }

    private static String units(long big, String bigUnit, long small, String smallUnit) {
        return small == 0 ? big + " " + bigUnit : "%s %s %s %s".formatted(big, bigUnit, small, smallUnit);
    }
}
