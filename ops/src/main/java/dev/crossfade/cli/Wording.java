package dev.crossfade.cli;

import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people read them. */
final class Wording {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT);

    private Wording() {}

    /** Returns a moment in UTC. */
    static String moment(OffsetDateTime at) {
        return MOMENT.format(at.withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** Returns a duration in its two biggest units. */
    static String duration(Duration duration) {
        return DurationText.of(duration);
    }

    /** Returns a number with its thousands set apart. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns a size in kB or MB of 1024. */
    static String bytes(long bytes) {
        long kilo = bytes / 1024;
        return kilo < 10_240 ? count(kilo) + " kB" : count(kilo / 1024) + " MB";
    }

    /** Returns a share in whole per cent; 100 % only when nothing is missing. */
    static String share(long part, long whole) {
        if (whole <= 0) {
            return "100%";
        }
        return Math.min(part >= whole ? 100 : 99, part * 100 / whole) + "%";
    }
}
