package dev.crossfade.shadow;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.rowNumber;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.crossfade.sql.ServerEncoding;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStep8;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * The results of shadow reads, in the control database: counts for each minute by the database's clock, and the
 * mismatches themselves with redacted values. Thread-safe.
 */
public final class ShadowLog {

    private static final Duration TALLIES_KEPT = Duration.ofDays(30);

    private static final Table<Record> TALLY = table(name("crossfade", "shadow_tally"));
    private static final Table<Record> MISMATCH = table(name("crossfade", "shadow_mismatch"));
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<UUID> INSTANCE = field(name("instance"), UUID.class);
    private static final Field<OffsetDateTime> BUCKET = field(name("bucket"), OffsetDateTime.class);
    private static final Field<Boolean> AA = field(name("aa"), Boolean.class);
    private static final Field<Long> COMPARED = field(name("compared"), Long.class);
    private static final Field<Long> MISMATCHED = field(name("mismatched"), Long.class);
    private static final Field<String> PROVES = field(name("proves"), String.class);
    private static final Field<String> READ = field(name("read"), String.class);
    private static final Field<String[]> KEY = field(name("key"), SQLDataType.CLOB.array());
    private static final Field<String[]> FIELDS = field(name("fields"), SQLDataType.CLOB.array());
    private static final Field<String[]> LEGACY = field(name("legacy"), SQLDataType.CLOB.array());
    private static final Field<String[]> MODERN = field(name("modern"), SQLDataType.CLOB.array());
    private static final Field<Long> TIMES = field(name("times"), Long.class);
    private static final Field<OffsetDateTime> FIRST_SEEN = field(name("first_seen_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> LAST_SEEN = field(name("last_seen_at"), OffsetDateTime.class);

    private final DSLContext control;

    /** Works on the control database. */
    public ShadowLog(DSLContext control) {
        this.control = control;
    }

    /** A mismatch as it is kept. */
    public record KeptMismatch(
            ShadowMismatch mismatch, long times, OffsetDateTime firstSeenAt, OffsetDateTime lastSeenAt) {}

    /** How many comparisons between the sides there were, and how many of them differed. */
    public record Tally(long compared, long mismatched) {}

    /** The counts of one instance. */
    record Count(long compared, long mismatched) {}

    /** What was counted: an entity's reads, between the sides or within the legacy side. */
    record Counted(String entity, Pairing pairing) {}

    /** Returns mismatches, those seen last first. */
    public List<KeptMismatch> list(Optional<String> entity, int limit) {
        return control.select(ENTITY, AA, READ, KEY, FIELDS, LEGACY, MODERN, TIMES, FIRST_SEEN, LAST_SEEN)
                .from(MISMATCH)
                .where(of(entity))
                .orderBy(LAST_SEEN.desc(), ENTITY, KEY)
                .limit(limit)
                .fetch(row -> new KeptMismatch(
                        new ShadowMismatch(
                                row.value1(),
                                row.value2() ? Pairing.LEGACY_WITH_LEGACY : Pairing.LEGACY_WITH_MODERN,
                                row.value3(),
                                List.of(row.value4()),
                                differences(row.value5(), row.value6(), row.value7())),
                        row.value8(),
                        row.value9(),
                        row.value10()));
    }

    /** Returns how many mismatches are kept. */
    public int count(Optional<String> entity) {
        return control.fetchCount(MISMATCH, of(entity));
    }

    /**
     * Returns what comparisons between the sides found. The whole minute counts in which the time begins.
     *
     * @param proves what they must prove something of
     * @param since from when on they count, empty for any time
     * @param window how far back they count at most
     */
    public Tally tally(String entity, String proves, Optional<OffsetDateTime> since, Duration window) {
        Field<OffsetDateTime> begin = field(
                "date_trunc('minute', greatest({0}, now() - make_interval(secs => {1})))",
                OffsetDateTime.class, val(since.orElse(null), OffsetDateTime.class), val(window.toMillis() / 1000.0));
        return control.select(total(COMPARED), total(MISMATCHED))
                .from(TALLY)
                .where(ENTITY.eq(entity))
                .and(AA.isFalse())
                .and(BUCKET.ge(begin))
                .and(PROVES.eq(proves))
                .fetchSingle(row ->
                        new Tally(row.value1().longValueExact(), row.value2().longValueExact()));
    }

    /** Deletes counts and mismatches of before that; returns how many there were. */
    public int prune(Duration age) {
        Field<OffsetDateTime> oldest =
                field("now() - make_interval(secs => {0})", OffsetDateTime.class, val(age.toMillis() / 1000.0));
        return control.deleteFrom(TALLY).where(BUCKET.lt(oldest)).execute()
                + control.deleteFrom(MISMATCH).where(LAST_SEEN.lt(oldest)).execute();
    }

    /** Forgets mismatches, for example once their cause is repaired; returns how many there were. */
    public int forget(Optional<String> entity) {
        return control.deleteFrom(MISMATCH).where(of(entity)).execute();
    }

    /**
     * Adds an instance's counts to those of the present minute. Counts of that minute with other evidence are
     * deleted.
     *
     * @param proves the evidence of comparisons of an entity: {@link dev.crossfade.control.Evidence#lasting()}
     */
    void add(UUID instance, Map<Counted, Count> counts, Function<String, String> proves) {
        if (counts.isEmpty()) {
            return;
        }
        var insert = control.insertInto(TALLY, ENTITY, INSTANCE, BUCKET, AA, COMPARED, MISMATCHED, PROVES);
        Field<OffsetDateTime> minute = field("date_trunc('minute', clock_timestamp())", OffsetDateTime.class);
        for (Map.Entry<Counted, Count> one : counts.entrySet()) {
            insert = insert.values(
                    val(one.getKey().entity()),
                    val(instance),
                    minute,
                    val(one.getKey().pairing() == Pairing.LEGACY_WITH_LEGACY),
                    val(one.getValue().compared()),
                    val(one.getValue().mismatched()),
                    val(proves.apply(one.getKey().entity())));
        }
        Condition same = qualified(TALLY, PROVES).eq(excluded(PROVES));
        insert.onConflict(ENTITY, BUCKET, INSTANCE, AA)
                .doUpdate()
                .set(
                        COMPARED,
                        excluded(COMPARED)
                                .plus(when(same, qualified(TALLY, COMPARED)).otherwise(0L)))
                .set(
                        MISMATCHED,
                        excluded(MISMATCHED)
                                .plus(when(same, qualified(TALLY, MISMATCHED)).otherwise(0L)))
                .set(PROVES, excluded(PROVES))
                .execute();
    }

    /** Stores mismatches, each with how often it was seen; they must be sorted, so that instances never deadlock. */
    void store(SortedMap<ShadowMismatch, Integer> sorted) {
        if (sorted.isEmpty()) {
            return;
        }
        ServerEncoding encoding = ServerEncoding.of(control);
        InsertValuesStep8<Record, String, Boolean, String, String[], String[], String[], String[], Long> insert =
                control.insertInto(MISMATCH, ENTITY, AA, READ, KEY, FIELDS, LEGACY, MODERN, TIMES);
        for (Map.Entry<ShadowMismatch, Integer> seen : sorted.entrySet()) {
            ShadowMismatch one = seen.getKey();
            insert = insert.values(
                    one.entity(),
                    one.pairing() == Pairing.LEGACY_WITH_LEGACY,
                    one.read(),
                    one.key().stream().map(encoding::text).toArray(String[]::new),
                    texts(one.fields(), FieldDifference::field),
                    texts(one.fields(), FieldDifference::legacy),
                    texts(one.fields(), FieldDifference::modern),
                    seen.getValue().longValue());
        }
        insert.onConflict(ENTITY, AA, READ, KEY)
                .doUpdate()
                .set(FIELDS, excluded(FIELDS))
                .set(LEGACY, excluded(LEGACY))
                .set(MODERN, excluded(MODERN))
                .set(TIMES, qualified(MISMATCH, TIMES).plus(excluded(TIMES)))
                .set(LAST_SEEN, currentOffsetDateTime())
                .execute();
    }

    /**
     * Deletes entries that are too old, and those beyond the limit of each entity; skips rows that another instance
     * is writing.
     */
    void prune(Duration age, int kept) {
        control.deleteFrom(TALLY).where(BUCKET.lt(before(TALLIES_KEPT))).execute();
        Field<Integer> rank = rowNumber()
                .over()
                .partitionBy(ENTITY)
                .orderBy(LAST_SEEN.desc(), AA, READ, KEY)
                .as("rank");
        var ranked =
                select(ENTITY, AA, READ, KEY, LAST_SEEN, rank).from(MISMATCH).asTable("ranked");
        var surplus = select(ENTITY, AA, READ, KEY)
                .from(ranked)
                .where(field(name("rank"), Integer.class).gt(kept).or(LAST_SEEN.lt(before(age))));
        control.deleteFrom(MISMATCH)
                .where(row(ENTITY, AA, READ, KEY)
                        .in(select(ENTITY, AA, READ, KEY)
                                .from(MISMATCH)
                                .where(row(ENTITY, AA, READ, KEY).in(surplus))
                                .forUpdate()
                                .skipLocked()))
                .execute();
    }

    private static Field<BigDecimal> total(Field<Long> count) {
        return coalesce(sum(count), BigDecimal.ZERO);
    }

    private static Condition of(Optional<String> entity) {
        return entity.map(ENTITY::eq).orElse(noCondition());
    }

    private static <T> Field<T> qualified(Table<Record> owner, Field<T> column) {
        return field(owner.getQualifiedName().append(column.getUnqualifiedName()), column.getType());
    }

    private static Field<OffsetDateTime> before(Duration age) {
        return field("now() - make_interval(secs => {0})", OffsetDateTime.class, val((double) age.toSeconds()));
    }

    private static String[] texts(Collection<FieldDifference> fields, Function<FieldDifference, String> part) {
        return fields.stream().map(part).toArray(String[]::new);
    }

    private static List<FieldDifference> differences(String[] fields, String[] legacy, String[] modern) {
        List<FieldDifference> differences = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            differences.add(new FieldDifference(fields[i], legacy[i], modern[i]));
        }
        return differences;
    }
}
