package dev.crossfade.control;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The table {@code crossfade.backfill}: where each entity's backfill stands. */
public final class BackfillTable {

    private static final Table<Record> BACKFILL = table(name("crossfade", "backfill"));
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<Long> EPOCH = field(name("epoch"), Long.class);
    private static final Field<String> STATE = field(name("state"), String.class);
    private static final Field<String[]> UPPER = field(name("upper_bound"), SQLDataType.CLOB.array());
    private static final Field<String[]> CHECKPOINT = field(name("checkpoint"), SQLDataType.CLOB.array());
    private static final Field<Long> TOTAL = field(name("rows_total"), Long.class);
    private static final Field<Long> READ = field(name("rows_read"), Long.class);
    private static final Field<Long> WRITTEN = field(name("rows_written"), Long.class);
    private static final Field<OffsetDateTime> STARTED_AT = field(name("started_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> UPDATED_AT = field(name("updated_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> FINISHED_AT = field(name("finished_at"), OffsetDateTime.class);

    private BackfillTable() {}

    /**
     * Where a backfill stands.
     *
     * @param upper the last key to copy, fixed at the start; null when the table was empty
     * @param checkpoint the last key that was processed, null before the first
     * @param evidence the mapping and the tables that the backfill is about
     */
    public record Checkpoint(
            @Nullable RecordKey upper,
            @Nullable RecordKey checkpoint,
            long total,
            long read,
            long written,
            OffsetDateTime startedAt,
            @Nullable OffsetDateTime finishedAt,
            Optional<Evidence> evidence) {}

    public static Optional<Checkpoint> find(DSLContext control, String entity) {
        return control.select(UPPER, CHECKPOINT, TOTAL, READ, WRITTEN, STARTED_AT, FINISHED_AT, Evidence.COLUMN)
                .from(BACKFILL)
                .where(ENTITY.eq(entity))
                .fetchOptional(row -> new Checkpoint(
                        key(row.value1()),
                        key(row.value2()),
                        row.value3(),
                        row.value4(),
                        row.value5(),
                        row.value6(),
                        row.value7(),
                        Optional.ofNullable(row.value8()).map(Evidence::of)));
    }

    /** Starts a backfill; replaces the record of an earlier one of the entity. */
    public static void begin(
            DSLContext control, String entity, long epoch, @Nullable RecordKey upper, long total, Evidence evidence) {
        control.deleteFrom(BACKFILL).where(ENTITY.eq(entity)).execute();
        control.insertInto(BACKFILL)
                .set(ENTITY, entity)
                .set(EPOCH, epoch)
                .set(STATE, "RUNNING")
                .set(UPPER, texts(upper))
                .set(TOTAL, total)
                .set(Evidence.COLUMN, evidence.texts())
                .execute();
    }

    /**
     * Advances the checkpoint of a backfill, in the caller's transaction.
     *
     * @param began when the backfill began; if it was restarted since, nothing changes
     * @throws RefusedException if the backfill is not recorded any more
     */
    public static void advance(
            DSLContext control, String entity, OffsetDateTime began, RecordKey checkpoint, long read, long written) {
        int advanced = control.update(BACKFILL)
                .set(CHECKPOINT, texts(checkpoint))
                .set(READ, READ.plus(read))
                .set(WRITTEN, WRITTEN.plus(written))
                .set(UPDATED_AT, currentOffsetDateTime())
                .where(ENTITY.eq(entity))
                .and(STARTED_AT.eq(began))
                .execute();
        requireOne(advanced, entity);
    }

    /** Ends a backfill; as in {@link #advance}, one that was restarted since is left as it is. */
    public static void finish(DSLContext control, String entity, OffsetDateTime began, Evidence evidence) {
        int finished = control.update(BACKFILL)
                .set(STATE, "COMPLETE")
                .set(Evidence.COLUMN, evidence.texts())
                .set(UPDATED_AT, currentOffsetDateTime())
                .set(FINISHED_AT, currentOffsetDateTime())
                .where(ENTITY.eq(entity))
                .and(STARTED_AT.eq(began))
                .execute();
        requireOne(finished, entity);
    }

    private static void requireOne(int updated, String entity) {
        if (updated == 0) {
            throw new RefusedException(
                    "Another backfill of %s has begun anew since this one began. Leave it to that one."
                            .formatted(entity));
        }
    }

    private static @Nullable RecordKey key(String @Nullable [] texts) {
        return texts == null ? null : RecordKey.of(texts);
    }

    private static Field<String[]> texts(@Nullable RecordKey key) {
        return key == null
                ? inline(null, UPPER.getDataType())
                : val(key.values().toArray(String[]::new), UPPER.getDataType());
    }
}
