package dev.crossfade.queue;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.jsonbArray;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.control.ControlTransaction;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.MissedWrites.Key;
import dev.crossfade.sql.ServerEncoding;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to missed writes. An action and its record commit together; an action that affects no key leaves
 * no record.
 */
public final class QueueActions {

    /** How many keys the record of an action names at most. */
    public static final int KEYS_NAMED = 100;

    private static final Table<Record> ACTION = table(name("crossfade", "queue_action"));
    private static final Field<Long> ID = field(name("id"), Long.class);
    private static final Field<String> NAME = field(name("action"), String.class);
    private static final Field<OffsetDateTime> ACTED_AT = field(name("acted_at"), OffsetDateTime.class);
    private static final Field<String> ACTED_BY = field(name("acted_by"), String.class);
    private static final Field<String> REASON = field(name("reason"), String.class);
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String[]> KEY = field(name("key"), SQLDataType.CLOB.array());
    private static final Field<String> ERROR = field(name("error"), String.class);
    private static final Field<Integer> KEY_COUNT = field(name("key_count"), Integer.class);
    private static final Field<JSONB> KEYS = field(name("keys"), JSONB.class);

    private final DSLContext control;

    /** Works on the control database. */
    public QueueActions(DSLContext control) {
        this.control = control;
    }

    /** What can be done to missed writes. */
    public enum Action {
        /** Makes them due at once, parked ones too, and resets their attempts. */
        RETRY,
        /** Leaves them alone until somebody retries them. */
        PARK,
        /** Forgets them, whatever the mirror holds; a verification or sweep finds what still differs. */
        DISCARD;

        /** Returns the word used on the command line. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        private List<Key> applyTo(MissedWrites missedWrites, MissedFilter filter) {
            return switch (this) {
                case RETRY -> missedWrites.retry(filter);
                case PARK -> missedWrites.park(filter);
                case DISCARD -> missedWrites.discard(filter);
            };
        }
    }

    /** Who acts and why. */
    public record Operator(String name, @Nullable String reason) {}

    /**
     * An action that happened.
     *
     * @param filter the missed writes that it was asked to act on
     * @param keys how many keys it affected
     */
    public record RecordedAction(
            String action,
            OffsetDateTime at,
            String by,
            @Nullable String reason,
            MissedFilter filter,
            int keys) {}

    /**
     * Acts on missed writes, unless there are more than {@code atMost}.
     *
     * @return how many keys it affected; if more than {@code atMost}, nothing was done
     */
    public int act(Action action, MissedFilter filter, Operator operator, int atMost) {
        try {
            return ControlTransaction.on(control).result(transaction -> {
                List<Key> keys = action.applyTo(new MissedWrites(transaction), filter);
                if (keys.size() > atMost) {
                    throw new TooManyException(keys.size());
                }
                if (!keys.isEmpty()) {
                    record(transaction, action, filter, operator, keys);
                }
                return keys.size();
            });
        } catch (TooManyException e) {
            return e.keys;
        }
    }

    /**
     * Returns the number of the newest discard of missed writes of some entities, 0 if there was none. After a
     * discard a mirror may be stale without any record of it.
     */
    public static long lastDiscard(DSLContext control, Collection<String> entities) {
        return control.select(max(ID))
                .from(ACTION)
                .where(NAME.eq(Action.DISCARD.label()))
                .and(DSL.or(entities.stream().map(QueueActions::concerns).toList()))
                .fetchSingle(row -> row.value1() == null ? 0 : row.value1());
    }

    /** Returns when missed writes of an entity were last discarded, empty if they never were. */
    public static Optional<OffsetDateTime> lastDiscardAt(DSLContext control, String entity) {
        return control.select(max(ACTED_AT))
                .from(ACTION)
                .where(NAME.eq(Action.DISCARD.label()))
                .and(concerns(entity))
                .fetchOptional(row -> row.value1());
    }

    private static Condition concerns(String entity) {
        return ENTITY.eq(entity)
                .or(DSL.condition(
                        "jsonb_path_exists({0}, '$[*] ? (@[0] == $entity)', jsonb_build_object('entity', cast({1} as text)))",
                        KEYS, val(entity)));
    }

    /** Returns the last actions on an entity, or on all, the newest first. */
    public List<RecordedAction> last(Optional<String> entity, int limit) {
        return entries(entity.map(QueueActions::concerns).orElse(noCondition()), limit);
    }

    /** Returns the last actions that met a key, the newest first; of a large action, the first keys are known. */
    public List<RecordedAction> on(String entity, RecordKey key, int limit) {
        Key stored = new Key(entity, ServerEncoding.of(control).stored(key));
        return entries(DSL.condition("{0} @> {1}", KEYS, jsonbArray(text(stored))), limit);
    }

    private List<RecordedAction> entries(Condition condition, int limit) {
        return control.select(NAME, ACTED_AT, ACTED_BY, REASON, ENTITY, KEY, ERROR, KEY_COUNT)
                .from(ACTION)
                .where(condition)
                .orderBy(ID.desc())
                .limit(limit)
                .fetch(row -> new RecordedAction(
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        row.value4(),
                        new MissedFilter(
                                Optional.ofNullable(row.value5()),
                                Optional.ofNullable(row.value6()).map(ServerEncoding::key),
                                Optional.ofNullable(row.value7())),
                        row.value8()));
    }

    static void record(DSLContext transaction, Action action, MissedFilter filter, Operator operator, List<Key> keys) {
        ServerEncoding encoding = ServerEncoding.of(transaction);
        @Nullable String reason = operator.reason();
        transaction
                .insertInto(ACTION)
                .columns(NAME, ACTED_BY, REASON, ENTITY, KEY, ERROR, KEY_COUNT, KEYS)
                .values(
                        val(action.label()),
                        val(encoding.text(operator.name())),
                        val(reason == null ? null : encoding.text(reason)),
                        val(filter.entity().orElse(null), ENTITY),
                        val(filter.key().map(encoding::values).orElse(null), KEY),
                        val(filter.error().orElse(null), ERROR),
                        val(keys.size()),
                        jsonbArray(keys.stream()
                                .limit(KEYS_NAMED)
                                .map(key -> text(new Key(key.entity(), encoding.stored(key.key()))))
                                .toList()))
                .execute();
    }

    private static Field<JSON> text(Key key) {
        List<Field<String>> texts = new ArrayList<>();
        texts.add(val(key.entity()));
        key.key().values().forEach(value -> texts.add(val(value)));
        return DSL.jsonArray(texts);
    }

    /** Rolls the transaction back. */
    private static final class TooManyException extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final int keys;

        TooManyException(int keys) {
            super(null, null, false, false);
            this.keys = keys;
        }
    }
}
