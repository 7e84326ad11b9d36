package dev.crossfade.verify;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.control.ControlTransaction;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.ServerEncoding;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * The position of an entity's sweep, in the control schema. A pass belongs to one sweeper at a time: a claim expires
 * when its holder makes no progress, and a former holder's later writes have no effect.
 */
final class SweepLog {

    private static final int FINDINGS_KEPT = 100;
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final Table<Record> REQUESTED = table(name("crossfade", "sweep"));
    private static final Table<Record> FINDING = table(name("crossfade", "sweep_finding"));
    private static final Field<Long> REQUESTS = field(name("requests"), Long.class);
    private static final Field<String[]> POSITION = field(name("position"), SQLDataType.CLOB.array());
    private static final Field<OffsetDateTime> UPDATED_AT = field(name("updated_at"), OffsetDateTime.class);
    private static final Field<Long> DESTROYED = field(name("destroyed"), Long.class);
    private static final Field<UUID> CLAIMED_BY = field(name("claimed_by"), UUID.class);
    private static final Field<OffsetDateTime> CLAIMED_UNTIL = field(name("claimed_until"), OffsetDateTime.class);

    private final DSLContext control;
    private final String entity;
    private final UUID sweeper = UUID.randomUUID();

    SweepLog(DSLContext control, String entity) {
        this.control = control;
        this.entity = entity;
    }

    /**
     * A pass that this sweeper holds.
     *
     * @param position the last key that was compared, null before the first
     */
    record Claimed(long id, @Nullable RecordKey position) {}

    /**
     * The result of one range.
     *
     * @param destroyed how many rows of the mirror were deleted or overwritten
     * @param heldBack how many were not, because of the limit
     */
    record SweptRange(
            long rows,
            List<Difference> differences,
            List<RecordKey> repaired,
            int restless,
            long destroyed,
            long heldBack) {

        /** The result for a row that could not be compared. */
        static final SweptRange UNREADABLE = new SweptRange(0, List.of(), List.of(), 1, 0, 0);
    }

    /** Claims the unfinished pass, or a new one if it is due; empty if none is due, or another sweeper holds it. */
    Optional<Claimed> claim(Duration interval) {
        long requests = control.select(coalesce(max(REQUESTS), inline(0L)))
                .from(REQUESTED)
                .where(SweepCycle.ENTITY.eq(entity))
                .fetchSingle()
                .value1();
        if (isDue(requests, interval)) {
            control.insertInto(SweepCycle.TABLE)
                    .set(SweepCycle.ENTITY, entity)
                    .set(REQUESTS, requests)
                    .onConflictDoNothing()
                    .execute();
        }
        return control.update(SweepCycle.TABLE)
                .set(CLAIMED_BY, sweeper)
                .set(CLAIMED_UNTIL, fromNow(LEASE))
                .set(POSITION, DSL.when(REQUESTS.lt(requests), nothing()).otherwise(POSITION))
                .set(REQUESTS, DSL.greatest(REQUESTS, val(requests)))
                .where(isUnfinished())
                .and(CLAIMED_UNTIL.isNull().or(CLAIMED_UNTIL.lt(currentOffsetDateTime())))
                .returning(SweepCycle.ID, POSITION)
                .fetchOptional(row -> new Claimed(row.get(SweepCycle.ID), key(row.get(POSITION))));
    }

    private boolean isDue(long requests, Duration interval) {
        return control.select(REQUESTS, SweepCycle.FINISHED_AT, currentOffsetDateTime())
                .from(SweepCycle.TABLE)
                .where(SweepCycle.ENTITY.eq(entity))
                .orderBy(SweepCycle.ID.desc())
                .limit(1)
                .fetchOptional(row -> row.value2() != null
                        && (row.value1() < requests
                                || !row.value2().plus(interval).isAfter(row.value3())))
                .orElse(true);
    }

    /**
     * Records the result of a range and advances past it; tells whether the pass still belongs to this sweeper.
     *
     * @param position the range's last key, null after the last range, which finishes the pass
     */
    boolean advance(Claimed pass, SweptRange step, @Nullable RecordKey position) {
        return ControlTransaction.on(control).result(transaction -> {
            boolean held = transaction
                            .update(SweepCycle.TABLE)
                            .set(POSITION, position == null ? POSITION : texts(position))
                            .set(UPDATED_AT, currentOffsetDateTime())
                            .set(SweepCycle.FINISHED_AT, position == null ? currentOffsetDateTime() : noTime())
                            .set(CLAIMED_UNTIL, position == null ? noTime() : fromNow(LEASE))
                            .set(SweepCycle.ROWS, SweepCycle.ROWS.plus(step.rows()))
                            .set(
                                    SweepCycle.FOUND,
                                    SweepCycle.FOUND.plus(step.differences().size()))
                            .set(
                                    SweepCycle.REPAIRED,
                                    SweepCycle.REPAIRED.plus(step.repaired().size()))
                            .set(SweepCycle.RESTLESS, SweepCycle.RESTLESS.plus(step.restless()))
                            .set(DESTROYED, DESTROYED.plus(step.destroyed()))
                            .set(SweepCycle.HELD_BACK, SweepCycle.HELD_BACK.plus(step.heldBack()))
                            .where(isHeld(pass))
                            .execute()
                    > 0;
            if (held) {
                keep(transaction, pass, step);
            }
            return held;
        });
    }

    private static void keep(DSLContext control, Claimed pass, SweptRange step) {
        Field<Long> id = field(name("cycle_id"), Long.class);
        int room = FINDINGS_KEPT - (step.differences().isEmpty() ? 0 : control.fetchCount(FINDING, id.eq(pass.id())));
        ServerEncoding encoding = ServerEncoding.of(control);
        for (Difference difference :
                step.differences().stream().limit(Math.max(0, room)).toList()) {
            control.insertInto(FINDING)
                    .set(id, pass.id())
                    .set(
                            field(name("key"), SQLDataType.CLOB.array()),
                            val(encoding.values(difference.key()), POSITION.getDataType()))
                    .set(field(name("kind"), String.class), difference.kind())
                    .set(
                            field(name("columns"), SQLDataType.CLOB.array()),
                            difference.columns().toArray(String[]::new))
                    .set(field(name("repaired"), Boolean.class), step.repaired().contains(difference.key()))
                    .execute();
        }
    }

    /** Returns how many rows of the mirror sweeps have deleted or overwritten within the last day. */
    long destroyedOfLate() {
        return control.select(coalesce(sum(DESTROYED), BigDecimal.ZERO))
                .from(SweepCycle.TABLE)
                .where(SweepCycle.ENTITY.eq(entity))
                .and(UPDATED_AT.gt(fromNow(Duration.ofDays(-1))))
                .fetchSingle()
                .value1()
                .longValueExact();
    }

    /** Lets another sweeper continue at once. */
    void release(Claimed pass) {
        control.update(SweepCycle.TABLE)
                .set(CLAIMED_UNTIL, noTime())
                .where(isHeld(pass))
                .execute();
    }

    SweepCycle read(Claimed pass) {
        return control.select(
                        SweepCycle.STARTED_AT,
                        SweepCycle.FINISHED_AT,
                        SweepCycle.ROWS,
                        SweepCycle.FOUND,
                        SweepCycle.REPAIRED,
                        SweepCycle.RESTLESS,
                        SweepCycle.HELD_BACK)
                .from(SweepCycle.TABLE)
                .where(SweepCycle.ID.eq(pass.id()))
                .fetchSingle(SweepCycle::read);
    }

    private Condition isUnfinished() {
        return SweepCycle.ENTITY.eq(entity).and(SweepCycle.FINISHED_AT.isNull());
    }

    private Condition isHeld(Claimed pass) {
        return SweepCycle.ID.eq(pass.id()).and(SweepCycle.FINISHED_AT.isNull()).and(CLAIMED_BY.eq(sweeper));
    }

    private static Field<OffsetDateTime> fromNow(Duration time) {
        return field("now() + make_interval(secs => {0})", OffsetDateTime.class, val((double) time.toSeconds()));
    }

    private static Field<OffsetDateTime> noTime() {
        return inline(null, OffsetDateTime.class);
    }

    private static Field<String[]> nothing() {
        return inline(null, POSITION.getDataType());
    }

    private static Field<String[]> texts(RecordKey key) {
        return val(key.values().toArray(String[]::new), POSITION.getDataType());
    }

    private static @Nullable RecordKey key(String @Nullable [] texts) {
        return texts == null ? null : RecordKey.of(texts);
    }
}
