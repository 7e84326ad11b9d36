package dev.crossfade.control;

import java.time.OffsetDateTime;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Ages, by the clock of the database that wrote the times. Any other clock may differ from it. */
public final class Ages {

    private Ages() {}

    /** Returns the age of a moment in seconds; null if the moment is null. */
    public static Field<Double> seconds(Field<OffsetDateTime> moment) {
        return DSL.field("cast(extract(epoch from clock_timestamp() - {0}) as double precision)", Double.class, moment);
    }
}
