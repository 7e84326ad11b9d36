package dev.crossfade.control;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The table {@code crossfade.lossy_write}, for those who neither write nor list it. */
public final class LossyWriteTable {

    /** For whoever writes and lists it. */
    public static final Table<Record> LOSSY_WRITE = table(name("crossfade", "lossy_write"));

    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String> MAPPING = field(name("mapping"), String.class);
    private static final Field<OffsetDateTime> CHANGED_AT = field(name("changed_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> LAST_SEEN_AT = field(name("last_seen_at"), OffsetDateTime.class);

    private LossyWriteTable() {}

    /**
     * How many keys were saved with a loss.
     *
     * @param last when the last one was, null if there was none
     */
    public record Lately(int keys, @Nullable OffsetDateTime last) {}

    /**
     * Returns how many keys of an entity were saved with a value that became another one.
     *
     * @param fingerprint of the mapping by which they were saved, empty for any
     * @param window how far back saves count
     */
    public static Lately lately(DSLContext control, String entity, Optional<String> fingerprint, Duration window) {
        return control.select(count(), max(CHANGED_AT))
                .from(LOSSY_WRITE)
                .where(ENTITY.eq(entity))
                .and(fingerprint.map(MAPPING::eq).orElse(noCondition()))
                .and(CHANGED_AT.ge(before(window)))
                .fetchSingle(row -> new Lately(row.value1(), row.value2()));
    }

    /** Deletes what was seen last before that; returns how many there were. */
    public static int prune(DSLContext control, Duration age) {
        return control.deleteFrom(LOSSY_WRITE)
                .where(LAST_SEEN_AT.lt(before(age)))
                .execute();
    }

    private static Field<OffsetDateTime> before(Duration age) {
        return field("now() - make_interval(secs => {0})", OffsetDateTime.class, val(age.toMillis() / 1000.0));
    }
}
