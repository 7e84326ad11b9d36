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
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FlagTable;
import dev.crossfade.control.FrozenException;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.model.RefusedException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stage change, its flags and its record in one transaction of the control database; {@link StageHistory}
 * reads the records.
 */
public final class StageLog {

    static final Table<Record> STAGE_CHANGE = table(name("crossfade", "stage_change"));
    static final Field<String> ENTITY = field(name("entity"), String.class);
    static final Field<String> FROM = field(name("from_stage"), String.class);
    static final Field<String> TO = field(name("to_stage"), String.class);
    private static final Field<Long> EPOCH = field(name("epoch"), Long.class);
    static final Field<String> CHANGED_BY = field(name("changed_by"), String.class);
    static final Field<String> REASON = field(name("reason"), String.class);
    private static final Field<Boolean> FORCED = field(name("forced"), Boolean.class);
    static final Field<JSONB> GATES = field(name("gates"), JSONB.class);

    private StageLog() {}

    /** Who asks for a change and why. */
    public record Author(String name, @Nullable String reason) {}

    /**
     * Records a change in the transaction on {@code connection}, which the caller commits.
     *
     * @param verdicts each gate's verdict; closed gates were overruled
     * @throws RefusedException if the entity is no longer where the step starts, or is frozen or contracted by now
     */
    static void record(Connection connection, Step step, Author author, Map<String, Verdict> verdicts) {
        DSLContext control = Databases.dsl(connection);
        lock(control, step.entity());
        requireStanding(control, step);
        Contractions.requireNone(control, step.entity());
        AuthorityTable.fence(control, step.entity()).flatMap(Fence::frozen).ifPresent(reason -> {
            throw new FrozenException(step.entity(), reason);
        });
        Standing next = step.from().then(step.to());
        AuthorityTable.put(control, step.entity(), next);
        FlagTable.put(control, step.entity(), step.to());
        control.insertInto(STAGE_CHANGE)
                .columns(ENTITY, FROM, TO, EPOCH, CHANGED_BY, REASON, FORCED, GATES)
                .values(
                        val(step.entity()),
                        val(step.from().stage().name()),
                        val(step.to().name()),
                        val(next.epoch()),
                        val(author.name()),
                        val(author.reason()),
                        inline(verdicts.values().stream().anyMatch(Verdict::isClosed)),
                        gates(verdicts))
                .execute();
    }

    /**
     * Records again a decided change that the control database does not know or has lost, in the transaction on
     * {@code connection}, which the caller commits.
     *
     * @param from the entity's standing in the control database
     * @throws RefusedException if that has changed
     */
    static void recordAgain(Connection connection, String entity, Standing from, Standing decided, Author author) {
        DSLContext control = Databases.dsl(connection);
        lock(control, entity);
        requireStanding(control, new Step(entity, from, decided.stage()));
        put(control, entity, from, decided, author);
    }

    /**
     * Records an operator's decision about an entity whose databases disagree about its past, in the transaction on
     * {@code control}, which the caller commits.
     *
     * @param from the entity's standing in the control database, empty if it has lost it
     * @throws RefusedException if that has changed
     */
    static void recordRecovered(
            DSLContext control, String entity, Optional<Standing> from, Standing decided, Author author) {
        lock(control, entity);
        if (from.isPresent() || AuthorityTable.find(control, entity).isPresent()) {
            requireStanding(control, new Step(entity, from.orElse(decided), decided.stage()));
        }
        put(control, entity, from.orElse(decided), decided, author);
    }

    private static void put(DSLContext control, String entity, Standing from, Standing decided, Author author) {
        AuthorityTable.put(control, entity, decided);
        FlagTable.put(control, entity, decided.stage());
        control.insertInto(STAGE_CHANGE)
                .columns(ENTITY, FROM, TO, EPOCH, CHANGED_BY, REASON, FORCED, GATES)
                .values(
                        val(entity),
                        val(from.stage().name()),
                        val(decided.stage().name()),
                        val(decided.epoch()),
                        val(author.name()),
                        val(author.reason()),
                        inline(false),
                        gates(Map.of()))
                .execute();
    }

    /** Blocks other changes of an entity until the caller's transaction ends. */
    public static void lock(DSLContext control, String entity) {
        AuthorityTable.lockStage(control, entity);
    }

    /** The verdicts of the gates that guard the step, open ones too: their limits show later what was relaxed. */
    private static Field<JSONB> gates(Map<String, Verdict> verdicts) {
        List<Field<JSONB>> said = new ArrayList<>();
        verdicts.forEach((gate, verdict) -> {
            switch (verdict) {
                case NotConcerned none -> {}
                case Open open -> said.add(gate(gate, "open", open.seen(), open.required()));
                case Closed closed -> said.add(gate(gate, "closed", closed.seen(), closed.required()));
            }
        });
        return jsonbArray(said);
    }

    private static Field<JSONB> gate(String name, String state, String seen, String required) {
        return jsonbObject(
                key("gate").value(val(name)),
                key("state").value(val(state)),
                key("seen").value(val(seen)),
                key("required").value(val(required)));
    }

    /**
     * Makes sure that an entity is still where a step starts.
     *
     * @throws RefusedException if it is not
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

    /**
     * Raises the epoch in the modern database, if that is separate and its side decides: its writers check the epoch
     * there, and a paused one must not continue under the previous stage. If this is interrupted before the control
     * database commits, {@link HalfDoneFlip} completes it.
     *
     * @throws RefusedException if the epoch is as high already
     */
    static void raise(DSLContext database, Step step) {
        if (!AuthorityTable.raise(database, step.entity(), step.from().then(step.to()))) {
            throw new RefusedException(
                    "Someone else is moving %s at this moment. Look at `crossfade stage %s` and decide again."
                            .formatted(step.entity(), step.entity()));
        }
    }

    /**
     * Announces in the modern database, if that is separate, that its side is about to decide, because capture there
     * reads it. If the flip fails afterwards, writers that bypass the service leave useless intents there until the
     * next attempt.
     */
    static void announce(DSLContext modern, Step step) {
        AuthorityTable.announce(modern, step.entity(), step.from().then(step.to()));
    }
}
