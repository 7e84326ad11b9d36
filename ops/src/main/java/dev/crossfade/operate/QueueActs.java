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

/** Carries out decisions about missed writes and intents, and records who made them and why. Not thread-safe. */
public final class QueueActs {

    private final OperatorSession session;

    /** Creates it for a session that may change something. */
    public QueueActs(OperatorSession session) {
        this.session = session;
    }

    /**
     * Acts on missed writes.
     *
     * @param atMost the most keys that may match
     * @throws InvalidInputException if more match, or the named key has no missed write; nothing was done
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
     * Drops all intents of an entity. Nobody applies them at {@code modern-only}.
     *
     * @throws dev.crossfade.model.RefusedException if it is at another stage
     */
    public QueueActionReport discardIntents(String entity, Operator operator) {
        session.requireKnown(List.of(entity));
        return new QueueActionReport(
                QueueActionReport.DISCARD_INTENTS, new DiscardedIntents(session.databases()).discard(entity, operator));
    }
}
