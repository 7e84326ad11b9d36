package dev.crossfade.recover;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.VerificationTable;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** The table {@code crossfade.recovery}: what operators decided, who and why, and whether it is carried out. */
public final class RecoveryLog {

    private static final Table<Record> RECOVERY = table(name("crossfade", "recovery"));
    private static final Field<Long> ID = field(name("id"), Long.class);
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String> WINNER = field(name("winner"), String.class);
    private static final Field<String> STAGE = field(name("stage"), String.class);
    private static final Field<Long> EPOCH = field(name("epoch"), Long.class);
    private static final Field<String> FROZEN = field(name("frozen"), String.class);
    private static final Field<String> DECIDED_BY = field(name("decided_by"), String.class);
    private static final Field<String> REASON = field(name("reason"), String.class);
    private static final Field<OffsetDateTime> BEGAN_AT = field(name("began_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> FINISHED_AT = field(name("finished_at"), OffsetDateTime.class);
    private static final Field<Long> DESTROYED = field(name("destroyed"), Long.class);

    private RecoveryLog() {}

    /** A decision that was made. */
    public record RecordedRecovery(long id, Side winner, String decidedBy, String reason, OffsetDateTime beganAt) {}

    /** Returns the decision on an entity that is not fully carried out, empty if there is none. */
    static Optional<RecordedRecovery> unfinished(DSLContext control, String entity) {
        return control.select(ID, WINNER, DECIDED_BY, REASON, BEGAN_AT)
                .from(RECOVERY)
                .where(ENTITY.eq(entity))
                .and(FINISHED_AT.isNull())
                .fetchOptional(row -> new RecordedRecovery(
                        row.value1(), Side.valueOf(row.value2()), row.value3(), row.value4(), row.value5()));
    }

    /** Returns the entities whose recovery was begun and not carried out to its end. */
    public static List<String> unfinished(DSLContext control) {
        return control.select(ENTITY).from(RECOVERY).where(FINISHED_AT.isNull()).fetch(ENTITY);
    }

    /**
     * Makes sure that no unfinished decision is for the other side: half of that one is carried out already.
     *
     * @throws RefusedException if one was
     */
    static void requireSameWinner(DSLContext control, String entity, Side winner) {
        unfinished(control, entity).filter(begun -> begun.winner() != winner).ifPresent(begun -> {
            throw new RefusedException(
                    "%s decided that the %s side of %s wins, and that is carried out in part: \"%s\". Finish it first: run the same command with --winner %s."
                            .formatted(
                                    begun.decidedBy(),
                                    begun.winner().label(),
                                    entity,
                                    begun.reason(),
                                    begun.winner().label()));
        });
    }

    /** Records that a decision is started, or resumed. */
    static void begin(
            DSLContext control, String entity, Decision decision, Standing standing, String frozen, long destroyed) {
        Optional<RecordedRecovery> begun = unfinished(control, entity);
        if (begun.isPresent()) {
            control.update(RECOVERY)
                    .set(STAGE, standing.stage().name())
                    .set(EPOCH, standing.epoch())
                    .set(DESTROYED, DESTROYED.plus(destroyed))
                    .where(ID.eq(begun.get().id()))
                    .execute();
        } else {
            control.insertInto(RECOVERY, ENTITY, WINNER, STAGE, EPOCH, FROZEN, DECIDED_BY, REASON, DESTROYED)
                    .values(
                            entity,
                            decision.winner().name(),
                            standing.stage().name(),
                            standing.epoch(),
                            frozen,
                            decision.author().name(),
                            decision.author().reason(),
                            destroyed)
                    .execute();
        }
    }

    /**
     * Records that a decision is carried out, and voids earlier verifications: they prove nothing about what was
     * written since.
     */
    static void finish(DSLContext control, String entity) {
        control.update(RECOVERY)
                .set(FINISHED_AT, currentOffsetDateTime())
                .where(ENTITY.eq(entity))
                .and(FINISHED_AT.isNull())
                .execute();
        VerificationTable.forgetProofs(control, entity);
    }
}
