package dev.crossfade.control;

import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.ServerEncoding;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * The tables {@code crossfade.verification} and {@code crossfade.difference}: what comparisons of whole entities have
 * found.
 */
public final class VerificationTable {

    private static final Table<Record> VERIFICATION = table(name("crossfade", "verification"));
    private static final Table<Record> DIFFERENCE = table(name("crossfade", "difference"));
    private static final Field<Long> ID = field(name("id"), Long.class);
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String> STATE = field(name("state"), String.class);
    private static final Field<OffsetDateTime> STARTED_AT = field(name("started_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> FINISHED_AT = field(name("finished_at"), OffsetDateTime.class);
    private static final Field<Long> ROWS = field(name("rows_compared"), Long.class);
    private static final Field<Long> DIFFERENCES = field(name("differences"), Long.class);
    private static final Field<Long> VERIFICATION_ID = field(name("verification_id"), Long.class);
    private static final Field<String[]> KEY = field(name("key"), SQLDataType.CLOB.array());
    private static final Field<String> KIND = field(name("kind"), String.class);
    private static final Field<String[]> COLUMNS = field(name("columns"), SQLDataType.CLOB.array());

    private static final String PRUNE = """
            delete from crossfade.verification v using (
                select id, row_number() over (partition by entity, finished_at is null order by id desc) as place
                from crossfade.verification) as n
            where n.id = v.id and n.place > 1 and (n.place > ? or v.started_at < now() - make_interval(secs => ?))
            """;

    private VerificationTable() {}

    /**
     * What was found.
     *
     * @param rows how many rows were compared
     * @param count how many records differ
     * @param named some of them, which are kept
     * @param proof what it proves something of
     */
    public record Result(long rows, long count, List<Finding> named, Evidence proof) {}

    /** A record that differs, and in which columns. */
    public record Finding(RecordKey key, String kind, List<String> columns) {}

    /** A comparison that was finished. */
    public record Last(OffsetDateTime started, Duration age, long differences, Optional<Evidence> evidence) {}

    /** Records that a comparison has begun; returns its number. */
    public static long begin(DSLContext control, String entity) {
        return control.insertInto(VERIFICATION)
                .set(ENTITY, entity)
                .set(STATE, "RUNNING")
                .returningResult(ID)
                .fetchSingle()
                .value1();
    }

    /** Records what a comparison found, all of it or nothing. */
    public static void finish(DSLContext database, long id, Result result) {
        ControlTransaction.on(database).run(control -> {
            ServerEncoding encoding = ServerEncoding.of(control);
            for (Finding finding : result.named()) {
                control.insertInto(DIFFERENCE)
                        .set(VERIFICATION_ID, id)
                        .set(KEY, val(encoding.values(finding.key()), SQLDataType.CLOB.array()))
                        .set(KIND, finding.kind())
                        .set(COLUMNS, finding.columns().toArray(String[]::new))
                        .execute();
            }
            control.update(VERIFICATION)
                    .set(STATE, "FINISHED")
                    .set(FINISHED_AT, currentOffsetDateTime())
                    .set(Evidence.COLUMN, result.proof().texts())
                    .set(ROWS, result.rows())
                    .set(DIFFERENCES, result.count())
                    .where(ID.eq(id))
                    .execute();
        });
    }

    /** Returns the newest comparison of an entity that was finished. */
    public static Optional<Last> last(DSLContext control, String entity) {
        return control.select(STARTED_AT, Ages.seconds(FINISHED_AT), DIFFERENCES, Evidence.COLUMN)
                .from(VERIFICATION)
                .where(ENTITY.eq(entity))
                .and(FINISHED_AT.isNotNull())
                .orderBy(ID.desc())
                .limit(1)
                .fetchOptional(row -> new Last(
                        row.value1(),
                        Duration.ofMillis((long) (row.value2() * 1000)),
                        row.value3(),
                        Optional.ofNullable(row.value4()).map(Evidence::of)));
    }

    /** Returns what the newest finished comparison found of a key, as words; empty for nothing. */
    public static Optional<String> found(DSLContext control, String entity, RecordKey key) {
        return control.fetchOptional("""
                        select d.kind || ' in ' || array_to_string(d.columns, ', ')
                        from crossfade.difference d
                        where d.key = cast(? as text[]) and d.verification_id = (
                            select max(v.id) from crossfade.verification v where v.entity = ? and v.finished_at is not null)
                        """, val(ServerEncoding.of(control).values(key)), entity)
                .map(row -> row.get(0, String.class));
    }

    /** What was proven of an entity says nothing any more. */
    public static void forgetProofs(DSLContext control, String entity) {
        control.update(VERIFICATION)
                .set(Evidence.COLUMN, castNull(Evidence.COLUMN))
                .where(ENTITY.eq(entity))
                .execute();
    }

    /** Deletes what is too old or too much; never an entity's last one. Returns how many there were. */
    public static int prune(DSLContext control, int kept, Duration age) {
        return control.execute(PRUNE, kept, age.toMillis() / 1000.0);
    }
}
