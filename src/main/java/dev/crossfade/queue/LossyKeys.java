package dev.crossfade.queue;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;

import dev.crossfade.model.RecordKey;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * The keys whose modern row cannot be recovered from its legacy row, while the modern side decides. Whoever writes or
 * deletes a mirror row notes this in the same transaction, with {@code crossfade.note_way_back}; a step back would
 * lose values of these rows.
 */
public final class LossyKeys {

    private static final Table<Record> LOSSY_KEY = table(name("crossfade", "lossy_key"));
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String[]> KEY = field(name("key"), SQLDataType.CLOB.array());
    private static final Field<String[]> COLUMNS = field(name("columns"), SQLDataType.CLOB.array());
    private static final Field<OffsetDateTime> NOTED_AT = field(name("noted_at"), OffsetDateTime.class);

    private LossyKeys() {}

    /**
     * A key.
     *
     * @param key as the modern side spells it
     * @param columns the modern columns whose value would change
     */
    public record LossyKey(String entity, List<String> key, List<String> columns, OffsetDateTime notedAt) {

        /** Copies the lists. */
        public LossyKey {
            key = List.copyOf(key);
            columns = List.copyOf(columns);
        }
    }

    /** Returns how many there are. */
    public static int count(DSLContext control, Optional<String> entity) {
        return control.fetchCount(LOSSY_KEY, of(entity));
    }

    /** Returns some of them, by entity and key. */
    public static List<LossyKey> list(DSLContext control, Optional<String> entity, int limit) {
        return control.select(ENTITY, KEY, COLUMNS, NOTED_AT)
                .from(LOSSY_KEY)
                .where(of(entity))
                .orderBy(ENTITY, KEY)
                .limit(limit)
                .fetch(row -> new LossyKey(row.value1(), List.of(row.value2()), List.of(row.value3()), row.value4()));
    }

    /** Returns, for the given keys that are noted, the columns whose value would change. */
    public static Map<RecordKey, Set<String>> columnsOf(DSLContext control, String entity, Collection<RecordKey> keys) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        String[][] wanted =
                keys.stream().map(key -> key.values().toArray(String[]::new)).toArray(String[][]::new);
        return control
                .select(KEY, COLUMNS)
                .from(LOSSY_KEY)
                .where(ENTITY.eq(entity))
                .and(KEY.in(wanted))
                .fetch()
                .stream()
                .collect(Collectors.toMap(row -> new RecordKey(List.of(row.value1())), row -> Set.of(row.value2())));
    }

    /**
     * Forgets the keys of entities whose modern side begins to decide: they are left from an earlier period that was
     * ended by force.
     */
    public static void forget(DSLContext control, List<String> entities) {
        control.deleteFrom(LOSSY_KEY).where(ENTITY.in(entities)).execute();
    }

    private static Condition of(Optional<String> entity) {
        return entity.map(ENTITY::eq).orElse(noCondition());
    }
}
