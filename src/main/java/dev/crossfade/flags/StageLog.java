package dev.crossfade.flags;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbArray;
import static org.jooq.impl.DSL.jsonbObject;
import static org.jooq.impl.DSL.key;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.RefusedException;
import java.sql.Connection;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** Writes a stage change, its flags and its record in one transaction of the control database, and reads the records. */
public final class StageLog {

    private static final Table<Record> STAGE_CHANGE = table(name("crossfade", "stage_change"));
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String> FROM = field(name("from_stage"), String.class);
    private static final Field<String> TO = field(name("to_stage"), String.class);
    private static final Field<Long> EPOCH = field(name("epoch"), Long.class);
    private static final Field<OffsetDateTime> CHANGED_AT = field(name("changed_at"), OffsetDateTime.class);
    private static final Field<String> CHANGED_BY = field(name("changed_by"), String.class);
    private static final Field<String> REASON = field(name("reason"), String.class);
    private static final Field<Boolean> FORCED = field(name("forced"), Boolean.class);
    private static final Field<JSONB> GATES = field(name("gates"), JSONB.class);

    private StageLog() {}

    /** Who asks for a change and why. */
    public record Author(String name, @Nullable String reason) {}

    /** A change that happened. */
    public record Entry(
            String entity,
            String from,
            String to,
            OffsetDateTime at,
            String by,
            @Nullable String reason,
            boolean forced) {}

    /**
     * Records a change in the transaction on {@code connection}, which the caller commits.
     *
     * @param closedGates gates that were closed and overruled
     * @throws RefusedException if the entity no longer stands where the step starts
     */
    static void record(Connection connection, Step step, Author author, Map<String, Closed> closedGates) {
        DSLContext control = Databases.dsl(connection);
        control.fetch("select pg_advisory_xact_lock(hashtextextended(?, 0))", "crossfade/stage/" + step.entity());
        requireStanding(control, step);
        Standing next = step.from().then(step.to());
        AuthorityTable.put(control, step.entity(), next);
        FlagStore.put(connection, step.entity(), step.to());
        control.insertInto(STAGE_CHANGE)
                .columns(ENTITY, FROM, TO, EPOCH, CHANGED_BY, REASON, FORCED, GATES)
                .values(
                        val(step.entity()),
                        val(step.from().stage().name()),
                        val(step.to().name()),
                        val(next.epoch()),
                        val(author.name()),
                        val(author.reason()),
                        inline(!closedGates.isEmpty()),
                        jsonbArray(closedGates.entrySet().stream()
                                .map(gate -> jsonbObject(
                                        key("gate").value(val(gate.getKey())),
                                        key("closed").value(val(gate.getValue().reason()))))
                                .toList()))
                .execute();
    }

    /**
     * Makes sure that an entity still stands where a step starts.
     *
     * @throws RefusedException if it does not
     */
    static void requireStanding(DSLContext control, Step step) {
        Optional<Standing> present = AuthorityTable.find(control, step.entity());
        if (!present.equals(Optional.of(step.from()))) {
            throw new RefusedException(
                    "Someone else moved %s meanwhile; it stands at %s. Look at `crossfade stage %s` and decide again."
                            .formatted(
                                    step.entity(),
                                    present.map(standing -> standing.stage().label())
                                            .orElse("nothing"),
                                    step.entity()));
        }
    }

    /** Returns the last changes of an entity, the newest first. */
    public static List<Entry> history(DSLContext control, String entity, int limit) {
        return control.select(FROM, TO, CHANGED_AT, CHANGED_BY, REASON, FORCED)
                .from(STAGE_CHANGE)
                .where(ENTITY.eq(entity))
                .orderBy(field(name("id")).desc())
                .limit(limit)
                .fetch(row -> new Entry(
                        entity, row.value1(), row.value2(), row.value3(), row.value4(), row.value5(), row.value6()));
    }

    /** Returns when an entity last entered one of some stages from one of others, empty if it never did. */
    public static Optional<OffsetDateTime> lastMove(DSLContext control, String entity, String from, String to) {
        return control.select(CHANGED_AT)
                .from(STAGE_CHANGE)
                .where(ENTITY.eq(entity))
                .and(FROM.eq(from))
                .and(TO.eq(to))
                .orderBy(field(name("id")).desc())
                .limit(1)
                .fetchOptional(CHANGED_AT);
    }

    /** Returns how long ago each entity was moved last, in seconds by the database's clock; those never moved are absent. */
    public static Map<String, Double> secondsSinceLastChange(DSLContext control) {
        return control.select(
                        ENTITY,
                        field(
                                "cast(extract(epoch from clock_timestamp() - max({0})) as double precision)",
                                Double.class, CHANGED_AT))
                .from(STAGE_CHANGE)
                .groupBy(ENTITY)
                .fetchMap(row -> row.value1(), row -> Math.max(0, row.value2()));
    }
}
