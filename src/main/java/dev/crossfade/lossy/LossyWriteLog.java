package dev.crossfade.lossy;

import static dev.crossfade.control.LossyWriteTable.LOSSY_WRITE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.rowNumber;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;

/**
 * The saves whose values came back from the legacy side changed, in the control database: one row for each key, with
 * redacted values. Thread-safe.
 */
public final class LossyWriteLog {

    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String[]> KEY = field(name("key"), SQLDataType.CLOB.array());
    private static final Field<String[]> COLUMNS = field(name("columns"), SQLDataType.CLOB.array());
    private static final Field<String[]> GIVEN = field(name("given"), SQLDataType.CLOB.array());
    private static final Field<String[]> STORED = field(name("stored"), SQLDataType.CLOB.array());
    private static final Field<String> MAPPING = field(name("mapping"), String.class);
    private static final Field<Long> TIMES = field(name("times"), Long.class);
    private static final Field<OffsetDateTime> FIRST_SEEN = field(name("first_seen_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> LAST_SEEN = field(name("last_seen_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> CHANGED = field(name("changed_at"), OffsetDateTime.class);

    private final DSLContext control;

    /** Works on the control database. */
    public LossyWriteLog(DSLContext control) {
        this.control = control;
    }

    /** A write as it is kept. */
    public record KeptWrite(LossyWrite write, long times, OffsetDateTime firstSeenAt, OffsetDateTime lastSeenAt) {}

    /** Returns writes, those seen last first. */
    public List<KeptWrite> list(Optional<String> entity, int limit) {
        return control.select(ENTITY, KEY, COLUMNS, GIVEN, STORED, MAPPING, TIMES, FIRST_SEEN, LAST_SEEN, CHANGED)
                .from(LOSSY_WRITE)
                .where(of(entity))
                .orderBy(LAST_SEEN.desc(), ENTITY, KEY)
                .limit(limit)
                .fetch(row -> new KeptWrite(
                        new LossyWrite(
                                row.value1(),
                                List.of(row.value2()),
                                row.value6(),
                                row.value10() != null,
                                values(row.value3(), row.value4(), row.value5())),
                        row.value7(),
                        row.value8(),
                        row.value9()));
    }

    /** Returns how many writes are kept. */
    public int count(Optional<String> entity) {
        return control.fetchCount(LOSSY_WRITE, of(entity));
    }

    /** Forgets writes, once their cause is gone; returns how many there were. */
    public int forget(Optional<String> entity) {
        return control.deleteFrom(LOSSY_WRITE).where(of(entity)).execute();
    }

    /** Stores writes, in key order, so that instances never deadlock; each with how often it was seen. */
    void store(Collection<LossyWrites.Seen> sorted) {
        if (sorted.isEmpty()) {
            return;
        }
        var insert = control.insertInto(LOSSY_WRITE, ENTITY, KEY, COLUMNS, GIVEN, STORED, MAPPING, TIMES, CHANGED);
        for (LossyWrites.Seen seen : sorted) {
            LossyWrite one = seen.write();
            insert = insert.values(
                    val(one.entity()),
                    val(one.key().toArray(String[]::new), KEY),
                    val(texts(one, LossyWrite.Value::column), COLUMNS),
                    val(texts(one, LossyWrite.Value::given), GIVEN),
                    val(texts(one, LossyWrite.Value::stored), STORED),
                    val(one.mapping()),
                    val((long) seen.times()),
                    when(val(one.changed()), currentOffsetDateTime()));
        }
        insert.onConflict(ENTITY, KEY)
                .doUpdate()
                .set(COLUMNS, excluded(COLUMNS))
                .set(GIVEN, excluded(GIVEN))
                .set(STORED, excluded(STORED))
                .set(MAPPING, excluded(MAPPING))
                .set(TIMES, qualified(TIMES).plus(excluded(TIMES)))
                .set(
                        CHANGED,
                        coalesce(excluded(CHANGED), when(qualified(MAPPING).eq(excluded(MAPPING)), qualified(CHANGED))))
                .set(LAST_SEEN, currentOffsetDateTime())
                .execute();
    }

    /**
     * Deletes entries that are too old, and those beyond the limit of each entity; skips rows that another instance
     * is writing.
     */
    void prune(Duration age, int kept) {
        Field<Integer> rank = rowNumber()
                .over()
                .partitionBy(ENTITY)
                .orderBy(CHANGED.desc().nullsLast(), LAST_SEEN.desc(), KEY)
                .as("rank");
        var ranked = select(ENTITY, KEY, LAST_SEEN, rank).from(LOSSY_WRITE).asTable("ranked");
        var surplus = select(ENTITY, KEY)
                .from(ranked)
                .where(field(name("rank"), Integer.class).gt(kept).or(LAST_SEEN.lt(before(age))));
        control.deleteFrom(LOSSY_WRITE)
                .where(row(ENTITY, KEY)
                        .in(select(ENTITY, KEY)
                                .from(LOSSY_WRITE)
                                .where(row(ENTITY, KEY).in(surplus))
                                .forUpdate()
                                .skipLocked()))
                .execute();
    }

    private static Condition of(Optional<String> entity) {
        return entity.map(ENTITY::eq).orElse(noCondition());
    }

    private static <T> Field<T> qualified(Field<T> column) {
        return field(LOSSY_WRITE.getQualifiedName().append(column.getUnqualifiedName()), column.getDataType());
    }

    private static Field<OffsetDateTime> before(Duration age) {
        return field("now() - make_interval(secs => {0})", OffsetDateTime.class, val(age.toMillis() / 1000.0));
    }

    private static String[] texts(LossyWrite write, Function<LossyWrite.Value, String> part) {
        return write.columns().stream().map(part).toArray(String[]::new);
    }

    private static List<LossyWrite.Value> values(String[] columns, String[] given, String[] stored) {
        List<LossyWrite.Value> values = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            values.add(new LossyWrite.Value(columns[i], given[i], stored[i]));
        }
        return values;
    }
}
