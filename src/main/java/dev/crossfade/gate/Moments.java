package dev.crossfade.gate;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.val;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jooq.DSLContext;
import org.jooq.Field;

/** Ages by the clock of the database that wrote the times, and how they are said. */
final class Moments {

    private Moments() {}

    /** Returns the age of a moment in seconds, null where the moment is. */
    static Field<Double> age(Field<OffsetDateTime> moment) {
        return field("cast(extract(epoch from clock_timestamp() - {0}) as double precision)", Double.class, moment);
    }

    /** Returns how long ago a moment was. */
    static Duration ageOf(DSLContext database, OffsetDateTime moment) {
        return duration(database.select(age(val(moment))).fetchSingle(row -> row.value1()));
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
        return small == 0 ? big + " " + bigUnit : "%d %s %d %s".formatted(big, bigUnit, small, smallUnit);
    }
}
