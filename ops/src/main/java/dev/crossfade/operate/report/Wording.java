package dev.crossfade.operate.report;

import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats numbers and times for people. */
public final class Wording {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT);

    private Wording() {}

    /** Returns a time in UTC. */
    public static String moment(OffsetDateTime at) {
        return MOMENT.format(at.withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** Returns a duration in its two biggest units. */
    public static String duration(Duration duration) {
        return DurationText.of(duration);
    }

    /** Returns a number with thousands separators. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /**
     * Returns a number of waiting things, with the age of the oldest.
     *
     * @param oldestSeconds the age of the oldest, null if there is none
     */
    public static String aged(long number, @Nullable Double oldestSeconds) {
        return oldestSeconds == null
                ? count(number)
                : "%s, oldest %s".formatted(count(number), duration(Duration.ofMillis((long) (oldestSeconds * 1000))));
    }

    /** Returns a size in kB or MB of 1024. */
    public static String bytes(long bytes) {
        long kilo = bytes / 1024;
        return kilo < 10_240 ? count(kilo) + " kB" : count(kilo / 1024) + " MB";
    }

    /** Returns a share in whole per cent. It is 100 % only when nothing is missing. */
    public static String share(long part, long whole) {
        if (whole <= 0) {
            return "100%";
        }
        return Math.min(part >= whole ? 100 : 99, part * 100 / whole) + "%";
    }
}
