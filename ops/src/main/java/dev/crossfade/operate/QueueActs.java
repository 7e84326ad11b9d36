package dev.crossfade.operate;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.operate.report.QueueActionReport;
import dev.crossfade.queue.DiscardedIntents;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.QueueActions;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import java.util.List;

/** Decides about missed writes and intents, and records who did and why. Not thread-safe. */
public final class QueueActs {

    private final OperatorSession session;

    /** Makes it for a session that may change something. */
    public QueueActs(OperatorSession session) {
        this.session = session;
    }

    /**
     * Acts on missed writes.
     *
     * @param atMost how many keys may be meant
     * @throws InvalidInputException if more are meant, or the one key that was named has none; nothing was done
     */
    public QueueActionReport act(Action action, MissedFilter filter, Operator operator, int atMost) {
        new QueueReader(session).requireKnown(filter);
        int keys = new QueueActions(session.control()).act(action, filter, operator, atMost);
        if (keys > atMost) {
            throw new InvalidInputException(
                    "%s keys are meant, and nothing was done. Name one with --key, or give the command again with --several."
                            .formatted(keys));
        }
        if (keys == 0 && filter.key().isPresent()) {
            throw new InvalidInputException(nothing(action, filter, filter.key().get()));
        }
        return new QueueActionReport(action.label(), keys);
    }

    private static String nothing(Action action, MissedFilter filter, RecordKey key) {
        String entity = filter.entity().orElse("");
        return "%s has no missed write of the key %s%s. `crossfade queue list %s` shows those it has."
                .formatted(entity, key, action == Action.PARK ? " that is not parked yet" : "", entity);
    }

    /**
     * Drops all intents of an entity, which nobody applies at {@code modern-only}.
     *
     * @throws dev.crossfade.model.RefusedException if it stands elsewhere
     */
    public QueueActionReport discardIntents(String entity, Operator operator) {
        session.requireKnown(List.of(entity));
        return new QueueActionReport(
                QueueActionReport.DISCARD_INTENTS, new DiscardedIntents(session.databases()).discard(entity, operator));
    }
}
