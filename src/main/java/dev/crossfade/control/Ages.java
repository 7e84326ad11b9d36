package dev.crossfade.control;

import java.time.OffsetDateTime;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Ages by the clock of the database that wrote the times: it is the only one that they can be held against. */
public final class Ages {

    private Ages() {}

    /** Returns the age of a moment in seconds, null where the moment is. */
    public static Field<Double> seconds(Field<OffsetDateTime> moment) {
        return DSL.field("cast(extract(epoch from clock_timestamp() - {0}) as double precision)", Double.class, moment);
    }
}
