package dev.crossfade.verify;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a sweep over all keys of an entity.
 *
 * @param finishedAt when it ended, null while it is running
 * @param rowsCompared how many rows were compared
 * @param found how many unexplained differences there were
 * @param repaired how many of them were repaired
 * @param restless how many keys were written too often to come to rest; they are not differences
 * @param heldBack how many of the differences were not repaired, as that would have deleted or overwritten too many
 *     rows
 */
public record SweepCycle(
        OffsetDateTime startedAt,
        @Nullable OffsetDateTime finishedAt,
        long rowsCompared,
        long found,
        long repaired,
        long restless,
        long heldBack) {

    static final Table<Record> TABLE = table(name("crossfade", "sweep_cycle"));
    static final Field<Long> ID = field(name("id"), Long.class);
    static final Field<String> ENTITY = field(name("entity"), String.class);
    static final Field<OffsetDateTime> STARTED_AT = field(name("started_at"), OffsetDateTime.class);
    static final Field<OffsetDateTime> FINISHED_AT = field(name("finished_at"), OffsetDateTime.class);
    static final Field<Long> ROWS = field(name("rows_compared"), Long.class);
    static final Field<Long> FOUND = field(name("found"), Long.class);
    static final Field<Long> REPAIRED = field(name("repaired"), Long.class);
    static final Field<Long> RESTLESS = field(name("restless"), Long.class);
    static final Field<Long> HELD_BACK = field(name("held_back"), Long.class);

    private static final String PRUNE = """
            delete from crossfade.sweep_cycle c using (
                select id, row_number() over (partition by entity order by id desc) as place
                from crossfade.sweep_cycle where finished_at is not null) as n
            where n.id = c.id and n.place > 1 and (n.place > ? or c.started_at < now() - make_interval(secs => ?))
            """;

    /** Returns how many differences there were per million rows compared. */
    public double foundPerMillion() {
        return rowsCompared == 0 ? 0 : found * 1_000_000.0 / rowsCompared;
    }

    /** Returns each entity's last finished pass; entities without one are absent. */
    public static Map<String, SweepCycle> lastFinished(DSLContext control) {
        return control.select(ENTITY, STARTED_AT, FINISHED_AT, ROWS, FOUND, REPAIRED, RESTLESS, HELD_BACK)
                .distinctOn(ENTITY)
                .from(TABLE)
                .where(FINISHED_AT.isNotNull())
                .orderBy(ENTITY, ID.desc())
                .fetchMap(ENTITY, SweepCycle::read);
    }

    /** Deletes finished passes that are too old or too many, never an entity's last one; returns how many. */
    public static int prune(DSLContext control, int kept, Duration age) {
        return control.execute(PRUNE, kept, age.toMillis() / 1000.0);
    }

    static SweepCycle read(Record row) {
        return new SweepCycle(
                row.get(STARTED_AT),
                row.get(FINISHED_AT),
                row.get(ROWS),
                row.get(FOUND),
                row.get(REPAIRED),
                row.get(RESTLESS),
                row.get(HELD_BACK));
    }
}
