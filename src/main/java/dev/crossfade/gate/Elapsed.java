package dev.crossfade.gate;

import static org.jooq.impl.DSL.val;

import dev.crossfade.control.Ages;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jooq.DSLContext;

/** Computes how long ago a moment was. */
final class Elapsed {

    private Elapsed() {}

    /** Returns how long ago a moment was. */
    static Duration ageOf(DSLContext database, OffsetDateTime moment) {
        return duration(database.select(Ages.seconds(val(moment))).fetchSingle(row -> row.value1()));
    }

    static Duration duration(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
