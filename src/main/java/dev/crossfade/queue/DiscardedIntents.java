package dev.crossfade.queue;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites.Key;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import java.time.Duration;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Deletes the intents of an entity at {@code modern-only}, where nobody applies them, once an operator decides that
 * they are useless. Each batch is recorded before it is deleted; the stage cannot change meanwhile.
 */
public final class DiscardedIntents {

    private static final int BATCH = 1000;

    private final Databases databases;

    /** Works on the databases of both sides. */
    public DiscardedIntents(Databases databases) {
        this.databases = databases;
    }

    /**
     * Deletes all intents of an entity, in both databases.
     *
     * @return how many there were
     * @throws RefusedException if the entity is at another stage, where its intents are still needed
     */
    public int discard(String entity, Operator operator) {
        int discarded = 0;
        for (Side side : databases.sides()) {
            int batch = BATCH;
            while (batch == BATCH) {
                batch = batch(side, entity, operator);
                discarded += batch;
            }
        }
        return discarded;
    }

    private int batch(Side side, String entity, Operator operator) {
        return ControlTransaction.across(databases.controlDsl()).result(control -> {
            AuthorityTable.lockStage(control, entity);
            requireModernOnly(control, entity);
            DSLContext holding = side == Side.LEGACY ? control : databases.dsl(side);
            List<Intent> intents = Intents.oldest(holding, entity, 0, BATCH, Duration.ZERO);
            if (intents.isEmpty()) {
                return 0;
            }
            QueueActions.record(
                    // With two databases the record commits first: a deletion must be on record.
                    side == Side.LEGACY ? control : databases.controlDsl(),
                    Action.DISCARD,
                    MissedFilter.of(entity),
                    operator,
                    intents.stream()
                            .map(intent -> new Key(entity, intent.key()))
                            .distinct()
                            .toList());
            holding.connection(connection -> Intents.delete(connection, entity, intents));
            return intents.size();
        });
    }

    private static void requireModernOnly(DSLContext control, String entity) {
        Standing standing = AuthorityTable.find(control, entity)
                .orElseThrow(() -> new InvalidInputException("There is no entity '%s'.".formatted(entity)));
        if (standing.stage() != Stage.MODERN_ONLY) {
            throw new RefusedException(
                    "%s stands at %s, and its intents are not dropped: `crossfade worker` applies them as soon as there is a mirror, and what does not fit becomes a missed write, which can be discarded."
                            .formatted(entity, standing.stage().label()));
        }
    }
}
