package dev.crossfade.queue;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.control.ServerMessage;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Keys whose mirror write failed because of the row itself. Each is tried again after growing pauses and parked after
 * {@value #MAX_ATTEMPTS} attempts; nothing is removed without a success or an operator.
 */
public final class MissedWrites {

    /** Attempts after which a key is parked. */
    public static final int MAX_ATTEMPTS = 10;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private static final Table<Record> MISSED = table(name("crossfade", "missed_write"));
    private static final Field<String> ENTITY = field(name("missed_write", "entity"), String.class);
    private static final Field<String[]> KEY = field(name("missed_write", "key"), SQLDataType.CLOB.array());
    private static final Field<String> MIRROR = field(name("missed_write", "mirror"), String.class);
    private static final Field<Integer> ATTEMPTS = field(name("missed_write", "attempts"), Integer.class);
    private static final Field<String> SQL_STATE = field(name("missed_write", "sql_state"), String.class);
    private static final Field<String> MESSAGE = field(name("missed_write", "message"), String.class);
    private static final Field<OffsetDateTime> FIRST =
            field(name("missed_write", "first_missed_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> LAST =
            field(name("missed_write", "last_missed_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> NEXT = field(name("missed_write", "next_try_at"), OffsetDateTime.class);
    private static final Field<Boolean> PARKED = field(name("missed_write", "parked"), Boolean.class);

    /**
     * One missed write.
     *
     * @param entity the entity
     * @param key the key
     * @param mirror the side that is behind
     * @param attempts how often it was tried
     * @param sqlState why the last attempt failed
     * @param message what the server said, without values
     * @param firstMissedAt when it failed first
     * @param nextTryAt when it is due again
     * @param parked whether it waits for an operator
     */
    public record MissedWrite(
            String entity,
            RecordKey key,
            Side mirror,
            int attempts,
            String sqlState,
            String message,
            OffsetDateTime firstMissedAt,
            OffsetDateTime nextTryAt,
            boolean parked) {}

    /**
     * A missed write that is tried again.
     *
     * @param lastMissedAt when it was missed last
     */
    public record Claim(RecordKey key, OffsetDateTime lastMissedAt) {}

    private final DSLContext control;

    /** Works on the control database. */
    public MissedWrites(DSLContext control) {
        this.control = control;
    }

    /** Records that writing the mirror of a key failed. */
    public void missed(String entity, RecordKey key, Side mirror, Throwable failure) {
        String message = describe(failure);
        Field<Integer> attempts = ATTEMPTS.plus(1);
        control.insertInto(MISSED)
                .columns(
                        unqualified(ENTITY),
                        unqualified(KEY),
                        unqualified(MIRROR),
                        unqualified(ATTEMPTS),
                        unqualified(SQL_STATE),
                        unqualified(MESSAGE),
                        unqualified(NEXT))
                .values(
                        val(entity),
                        val(texts(key), KEY.getDataType()),
                        val(mirror.name()),
                        inline(1),
                        val(FailureClass.sqlState(failure)),
                        val(message),
                        after(FIRST_PAUSE))
                .onConflict(unqualified(ENTITY), unqualified(KEY))
                .doUpdate()
                .set(unqualified(MIRROR), excluded(unqualified(MIRROR)))
                .set(unqualified(ATTEMPTS), attempts)
                .set(unqualified(SQL_STATE), excluded(unqualified(SQL_STATE)))
                .set(unqualified(MESSAGE), excluded(unqualified(MESSAGE)))
                .set(unqualified(LAST), currentOffsetDateTime())
                .set(unqualified(NEXT), backoff(attempts))
                .set(unqualified(PARKED), attempts.ge(MAX_ATTEMPTS))
                .execute();
    }

    /**
     * Forgets keys whose mirror is up to date again, but for those that were missed once more since they were claimed: that
     * was another write.
     */
    public void cleared(String entity, Collection<Claim> claims) {
        if (!claims.isEmpty()) {
            control.deleteFrom(MISSED)
                    .where(ENTITY.eq(entity))
                    .and(DSL.or(claims.stream()
                            .map(claim -> keyIn(List.of(claim.key())).and(LAST.eq(claim.lastMissedAt())))
                            .toList()))
                    .execute();
        }
    }

    /** Returns which of some keys are still missed. */
    public Set<RecordKey> stillMissed(String entity, Collection<RecordKey> keys) {
        return new HashSet<>(control.select(KEY)
                .from(MISSED)
                .where(ENTITY.eq(entity))
                .and(keyIn(keys))
                .fetch(row -> RecordKey.of(row.value1())));
    }

    /** Claims up to {@code limit} due keys of an entity for one try by pushing their next try into the future. */
    public List<Claim> claimDue(String entity, int limit) {
        Table<?> due = control.select(ENTITY, KEY)
                .from(MISSED)
                .where(ENTITY.eq(entity))
                .and(NEXT.le(currentOffsetDateTime()))
                .and(PARKED.isFalse())
                .orderBy(NEXT)
                .limit(limit)
                .forUpdate()
                .skipLocked()
                .asTable("due");
        return control.update(MISSED)
                .set(unqualified(NEXT), backoff(ATTEMPTS))
                .from(due)
                .where(row(ENTITY, KEY).eq(row(due.field(0, String.class), due.field(1, SQLDataType.CLOB.array()))))
                .returning(KEY, LAST)
                .fetch(row -> new Claim(RecordKey.of(row.get(KEY)), row.get(LAST)));
    }

    /** Makes keys due at once, parked ones too; all of an entity, or of every entity, where none is named. */
    public int retry(Optional<String> entity, Optional<RecordKey> key) {
        return control.update(MISSED)
                .set(unqualified(NEXT), currentOffsetDateTime())
                .set(unqualified(PARKED), inline(false))
                .set(unqualified(ATTEMPTS), inline(0))
                .where(entity.map(ENTITY::eq).orElse(noCondition()))
                .and(key.map(one -> keyIn(List.of(one))).orElse(noCondition()))
                .execute();
    }

    /** Returns up to {@code limit} missed writes, the longest missed first. */
    public List<MissedWrite> list(Optional<String> entity, int limit) {
        return control.select(ENTITY, KEY, MIRROR, ATTEMPTS, SQL_STATE, MESSAGE, FIRST, NEXT, PARKED)
                .from(MISSED)
                .where(entity.map(ENTITY::eq).orElse(noCondition()))
                .orderBy(FIRST, ENTITY, KEY)
                .limit(limit)
                .fetch(row -> new MissedWrite(
                        row.value1(),
                        RecordKey.of(row.value2()),
                        Side.valueOf(row.value3()),
                        row.value4(),
                        row.value5(),
                        row.value6(),
                        row.value7(),
                        row.value8(),
                        row.value9()));
    }

    /** Returns how many keys of each entity are missed. */
    public Map<String, Integer> counts() {
        return control.select(ENTITY, DSL.count()).from(MISSED).groupBy(ENTITY).fetchMap(ENTITY, DSL.count());
    }

    /** Returns how many keys of an entity are missed. */
    public int count(String entity) {
        return control.fetchCount(MISSED, ENTITY.eq(entity));
    }

    private static Condition keyIn(Collection<RecordKey> keys) {
        return KEY.in(keys.stream()
                .map(MissedWrites::texts)
                .map(texts -> val(texts, KEY.getDataType()))
                .toList());
    }

    private static Field<OffsetDateTime> backoff(Field<Integer> attempts) {
        double jitter = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
        return field(
                "now() + make_interval(secs => least({0} * power(2, least({1}, 20)), {2}) * {3})",
                OffsetDateTime.class,
                inline(FIRST_PAUSE.toSeconds()),
                attempts,
                inline(LONGEST_PAUSE.toSeconds()),
                val(jitter));
    }

    private static Field<OffsetDateTime> after(Duration pause) {
        return field("now() + make_interval(secs => {0})", OffsetDateTime.class, val((double) pause.toSeconds()));
    }

    /** The first line of what the server said; its detail, which may quote values, is left out. */
    private static String describe(Throwable failure) {
        String first = ServerMessage.of(failure);
        int quoted = first.indexOf(": \"");
        return quoted < 0 ? first : first.substring(0, quoted);
    }

    private static String[] texts(RecordKey key) {
        return key.values().toArray(String[]::new);
    }

    private static <T> Field<T> unqualified(Field<T> field) {
        return field(field.getUnqualifiedName(), field.getDataType());
    }
}
