package dev.crossfade.flags;

import static dev.crossfade.flags.StageLog.CHANGED_BY;
import static dev.crossfade.flags.StageLog.ENTITY;
import static dev.crossfade.flags.StageLog.FROM;
import static dev.crossfade.flags.StageLog.GATES;
import static dev.crossfade.flags.StageLog.REASON;
import static dev.crossfade.flags.StageLog.STAGE_CHANGE;
import static dev.crossfade.flags.StageLog.TO;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;

import dev.crossfade.control.Ages;
import dev.crossfade.model.Stage;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** The stage changes that happened, as {@link StageLog} has recorded them. */
public final class StageHistory {

    private static final Field<OffsetDateTime> CHANGED_AT = field(name("changed_at"), OffsetDateTime.class);

    private StageHistory() {}

    /**
     * A change that happened.
     *
     * @param overruled the gates that were closed; there are some where it was forced
     */
    public record RecordedChange(
            String entity,
            String from,
            String to,
            OffsetDateTime at,
            String by,
            @Nullable String reason,
            List<String> overruled) {

        /** Tells whether a closed gate was overruled. */
        public boolean forced() {
            return !overruled.isEmpty();
        }
    }

    /** Returns the last changes of an entity, the newest first. */
    public static List<RecordedChange> history(DSLContext control, String entity, int limit) {
        Field<String[]> overruled = field(
                "array(select gate ->> 'gate' from jsonb_array_elements({0}) as gate where gate ->> 'state' = 'closed')",
                String[].class, GATES);
        return control.select(FROM, TO, CHANGED_AT, CHANGED_BY, REASON, overruled)
                .from(STAGE_CHANGE)
                .where(ENTITY.eq(entity))
                .orderBy(field(name("id")).desc())
                .limit(limit)
                .fetch(row -> new RecordedChange(
                        entity,
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        row.value4(),
                        row.value5(),
                        List.of(row.value6())));
    }

    /** Returns when an entity last entered a stage from another one, empty if it never did. */
    public static Optional<OffsetDateTime> lastEntered(DSLContext control, String entity, Stage stage) {
        return control.select(CHANGED_AT)
                .from(STAGE_CHANGE)
                .where(ENTITY.eq(entity))
                .and(TO.eq(stage.name()))
                .orderBy(field(name("id")).desc())
                .limit(1)
                .fetchOptional(CHANGED_AT);
    }

    /** Returns when an entity last moved from one stage to another one, empty if it never did. */
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

    /**
     * Returns how long ago each entity was moved last, in seconds by the database's clock; those never moved are
     * absent.
     */
    public static Map<String, Double> secondsSinceLastChange(DSLContext control) {
        return control.select(ENTITY, Ages.seconds(max(CHANGED_AT)))
                .from(STAGE_CHANGE)
                .groupBy(ENTITY)
                .fetchMap(row -> row.value1(), row -> Math.max(0, row.value2()));
    }
}
