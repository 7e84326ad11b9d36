package dev.crossfade.gate;

import static org.jooq.impl.DSL.val;

import dev.crossfade.control.Ages;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jooq.DSLContext;

/** How long ago something was, and how that is said. */
final class Elapsed {

    private Elapsed() {}

    /** Returns how long ago a moment was. */
    static Duration ageOf(DSLContext database, OffsetDateTime moment) {
        return duration(database.select(Ages.seconds(val(moment))).fetchSingle(row -> row.value1()));
    }

    static Duration duration(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }

    /** Returns a duration in its two biggest units. */
    static String text(Duration duration) {
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
