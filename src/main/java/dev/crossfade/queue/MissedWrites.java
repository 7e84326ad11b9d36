package dev.crossfade.queue;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.control.Ages;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.ServerEncoding;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Keys whose mirror write failed because of the row itself, or that have waited long for a row that they refer to.
 * Each is retried after growing pauses; a poison row is parked after some attempts. Nothing is removed without a
 * success or an operator.
 */
public final class MissedWrites {

    static final Table<Record> MISSED = table(name("crossfade", "missed_write"));
    static final Field<String> ENTITY = field(name("missed_write", "entity"), String.class);
    static final Field<String[]> KEY = field(name("missed_write", "key"), SQLDataType.CLOB.array());
    static final Field<String> MIRROR = field(name("missed_write", "mirror"), String.class);
    static final Field<Integer> ATTEMPTS = field(name("missed_write", "attempts"), Integer.class);
    static final Field<Integer> WAITS = field(name("missed_write", "waits"), Integer.class);
    static final Field<String> SQL_STATE = field(name("missed_write", "sql_state"), String.class);
    static final Field<String> MESSAGE = field(name("missed_write", "message"), String.class);
    private static final Field<OffsetDateTime> FIRST =
            field(name("missed_write", "first_missed_at"), OffsetDateTime.class);
    static final Field<OffsetDateTime> LAST = field(name("missed_write", "last_missed_at"), OffsetDateTime.class);
    static final Field<OffsetDateTime> NEXT = field(name("missed_write", "next_try_at"), OffsetDateTime.class);
    static final Field<Boolean> PARKED = field(name("missed_write", "parked"), Boolean.class);
    private static final Condition WAITING = SQL_STATE.eq(SqlState.FOREIGN_KEY_VIOLATION);
    private static final Condition REFERENCED = SQL_STATE.eq(SqlState.RESTRICT_VIOLATION);

    /**
     * One missed write.
     *
     * @param entity the entity
     * @param key the key
     * @param mirror the side that is behind
     * @param attempts how often the mirror refused its row
     * @param waits how often it was deferred for a row that it refers to
     * @param sqlState why the last attempt failed
     * @param message what the server said, without values
     * @param firstMissedAt when it failed first
     * @param nextTryAt when it is due next
     * @param parked whether it waits for an operator
     */
    public record MissedWrite(
            String entity,
            RecordKey key,
            Side mirror,
            int attempts,
            int waits,
            String sqlState,
            String message,
            OffsetDateTime firstMissedAt,
            OffsetDateTime nextTryAt,
            boolean parked) {}

    /**
     * The missed writes of an entity.
     *
     * @param parked how many of them wait for an operator
     * @param waiting how many of them wait for a row that they refer to
     * @param oldestSeconds for how long the oldest has been missed, by the database's clock; 0 where there is none
     */
    public record Tally(int count, int parked, int waiting, double oldestSeconds) {

        /** Nothing is missed. */
        public static final Tally NONE = new Tally(0, 0, 0, 0);
    }

    /**
     * A missed write that is being retried.
     *
     * @param lastMissedAt when it was missed last
     */
    public record Claim(RecordKey key, OffsetDateTime lastMissedAt) {}

    /** How many keys a statement names one by one. */
    private static final int PAGE = 1000;

    private final DSLContext control;
    private final Recording recording;
    private volatile Optional<ServerEncoding> encoding = Optional.empty();
    /** By how many columns a key has. */
    private final Map<Integer, TextStatement> statements = new ConcurrentHashMap<>();

    /** Works on the control database. */
    public MissedWrites(DSLContext control) {
        this(control, RetrySettings.DEFAULTS);
    }

    /** Works on the control database, with the given pauses and maximum of attempts. */
    public MissedWrites(DSLContext control, RetrySettings settings) {
        this.control = control;
        this.recording = new Recording(settings);
    }

    /** Records that writing the mirror of a key failed; see {@link #missed(String, Side, Map)}. */
    public void missed(String entity, RecordKey key, Side mirror, Throwable failure) {
        missed(entity, mirror, Map.of(key, failure));
    }

    /**
     * Records that writing the mirror of some keys failed, and why. That costs each an attempt, unless it waits for a
     * row that it refers to. Keys with the same number of columns are recorded together or not at all.
     */
    public void missed(String entity, Side mirror, Map<RecordKey, ? extends Throwable> failures) {
        Map<Integer, List<RecordKey>> byWidth = failures.keySet().stream()
                .collect(Collectors.groupingBy(key -> key.values().size()));
        byWidth.forEach((width, keys) -> {
            TextStatement statement = statements.computeIfAbsent(width, recording::statement);
            Object[] values = Recording.values(entity, mirror, keys, failures, encoding());
            control.connection(connection -> statement.update(connection, values));
        });
    }

    /**
     * Forgets keys whose mirror is up to date again, except those that were missed again since they were claimed:
     * that was another write.
     */
    public void cleared(String entity, Collection<Claim> claims) {
        Clearing.forget(
                control,
                entity,
                claims.stream()
                        .map(claim -> new Claim(encoding().stored(claim.key()), claim.lastMissedAt()))
                        .toList());
    }

    /** Returns which of some keys are still missed. */
    public Set<RecordKey> stillMissed(String entity, Collection<RecordKey> keys) {
        return new HashSet<>(control.select(KEY)
                .from(MISSED)
                .where(ENTITY.eq(entity))
                .and(keyIn(keys))
                .fetch(row -> ServerEncoding.key(row.value1())));
    }

    /** Returns claims on those of some keys that are missed, to clear them once they are mirrored. */
    public List<Claim> claims(String entity, Collection<RecordKey> keys) {
        List<RecordKey> all = List.copyOf(keys);
        List<Claim> claims = new ArrayList<>();
        for (int from = 0; from < all.size() && (from == 0 || !claims.isEmpty() || count(entity) > 0); from += PAGE) {
            claims.addAll(control.select(KEY, LAST)
                    .from(MISSED)
                    .where(ENTITY.eq(entity))
                    .and(keyIn(all.subList(from, Math.min(all.size(), from + PAGE))))
                    .fetch(row -> new Claim(ServerEncoding.key(row.value1()), row.value2())));
        }
        return claims;
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
                .set(unqualified(NEXT), recording.pause(ATTEMPTS.plus(WAITS)))
                .from(due)
                .where(row(ENTITY, KEY).eq(row(due.field(0, String.class), due.field(1, SQLDataType.CLOB.array()))))
                .returning(KEY, LAST)
                .fetch(row -> new Claim(ServerEncoding.key(row.get(KEY)), row.get(LAST)));
    }

    /** Returns keys of an entity that wait for a row they refer to, due or not, ordered by key text. */
    public List<Claim> waiting(String entity, Optional<RecordKey> after, int limit) {
        return control.select(KEY, LAST)
                .from(MISSED)
                .where(ENTITY.eq(entity))
                .and(WAITING)
                .and(PARKED.isFalse())
                .and(after.map(key -> KEY.gt(encoding().values(key))).orElse(noCondition()))
                .orderBy(KEY)
                .limit(limit)
                .fetch(row -> new Claim(ServerEncoding.key(row.value1()), row.value2()));
    }

    /** Makes keys due at once, parked ones too; returns them. */
    List<Key> retry(MissedFilter filter) {
        return control.update(MISSED)
                .set(unqualified(NEXT), currentOffsetDateTime())
                .set(unqualified(PARKED), inline(false))
                .set(unqualified(ATTEMPTS), inline(0))
                .set(unqualified(WAITS), inline(0))
                .where(meant(filter))
                .returning(ENTITY, KEY)
                .fetch(MissedWrites::key);
    }

    /** Keeps keys from being tried until they are retried; returns those that were not parked before. */
    List<Key> park(MissedFilter filter) {
        return control.update(MISSED)
                .set(unqualified(PARKED), inline(true))
                .where(meant(filter))
                .and(PARKED.isFalse())
                .returning(ENTITY, KEY)
                .fetch(MissedWrites::key);
    }

    /** Forgets keys whatever the state of their mirror; returns them. */
    List<Key> discard(MissedFilter filter) {
        return control.deleteFrom(MISSED)
                .where(meant(filter))
                .returning(ENTITY, KEY)
                .fetch(MissedWrites::key);
    }

    /** A key of some entity. */
    record Key(String entity, RecordKey key) {}

    private static Key key(Record row) {
        return new Key(row.get(ENTITY), ServerEncoding.key(row.get(KEY)));
    }

    /** Returns up to {@code limit} missed writes, the longest missed first. */
    public List<MissedWrite> list(Optional<String> entity, int limit) {
        return list(new MissedFilter(entity, Optional.empty(), Optional.empty()), limit);
    }

    /** Returns up to {@code limit} of the selected missed writes, the longest missed first. */
    public List<MissedWrite> list(MissedFilter filter, int limit) {
        return control.select(ENTITY, KEY, MIRROR, ATTEMPTS, WAITS, SQL_STATE, MESSAGE, FIRST, NEXT, PARKED)
                .from(MISSED)
                .where(meant(filter))
                .orderBy(FIRST, ENTITY, KEY)
                .limit(limit)
                .fetch(row -> new MissedWrite(
                        row.value1(),
                        ServerEncoding.key(row.value2()),
                        Side.valueOf(row.value3()),
                        row.value4(),
                        row.value5(),
                        row.value6(),
                        row.value7(),
                        row.value8(),
                        row.value9(),
                        row.value10()));
    }

    /** Returns the number of selected missed writes. */
    public int count(MissedFilter filter) {
        return control.fetchCount(MISSED, meant(filter));
    }

    /** Returns how many keys are missed of each entity that has some. */
    public Map<String, Tally> tallies() {
        return control.select(
                        ENTITY,
                        DSL.count(),
                        DSL.count().filterWhere(PARKED),
                        DSL.count().filterWhere(WAITING),
                        Ages.seconds(min(FIRST)))
                .from(MISSED)
                .groupBy(ENTITY)
                .fetchMap(ENTITY, row -> new Tally(row.value2(), row.value3(), row.value4(), row.value5()));
    }

    /** Returns how many keys of an entity are missed. */
    public int count(String entity) {
        return control.fetchCount(MISSED, ENTITY.eq(entity));
    }

    private Condition keyIn(Collection<RecordKey> keys) {
        return KEY.in(keys.stream()
                .map(encoding()::values)
                .map(texts -> val(texts, KEY.getDataType()))
                .toList());
    }

    private Condition meant(MissedFilter filter) {
        return filter.entity()
                .map(ENTITY::eq)
                .orElse(noCondition())
                .and(filter.key().map(key -> keyIn(List.of(key))).orElse(noCondition()))
                .and(filter.error().map(MissedWrites::ofClass).orElse(noCondition()));
    }

    private static Condition ofClass(String error) {
        return switch (error) {
            case MissedFilter.WAITS -> WAITING;
            case MissedFilter.REFERENCED -> REFERENCED;
            case MissedFilter.POISON -> WAITING.not().and(REFERENCED.not());
            default -> SQL_STATE.startsWith(error);
        };
    }

    private ServerEncoding encoding() {
        if (encoding.isEmpty()) {
            encoding = Optional.of(ServerEncoding.of(control));
        }
        return encoding.get();
    }

    static <T> Field<T> unqualified(Field<T> field) {
        return field(field.getUnqualifiedName(), field.getDataType());
    }
}
