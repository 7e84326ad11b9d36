package dev.crossfade.cli;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.QueueActions;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;

/** Acts on missed writes and reports it; shared by the commands that do. */
final class QueueActing {

    private final Invocation invocation;
    private final MissedOptions options;

    QueueActing(Invocation invocation, MissedOptions options) {
        this.invocation = invocation;
        this.options = options;
    }

    /** Acts, unless more keys are meant than {@code atMost}. */
    int act(Action action, Operator operator, int atMost) {
        MissedFilter filter = options.filter();
        try (OperatorSession session = invocation.open("queue")) {
            options.requireKnown(session);
            int keys = new QueueActions(session.control()).act(action, filter, operator, atMost);
            if (keys > atMost) {
                throw new InvalidInputException(
                        "%d keys are meant, and nothing was done. Name one with --key, or give the command again with --several."
                                .formatted(keys));
            }
            if (keys == 0 && filter.key().isPresent()) {
                throw new InvalidInputException(
                        nothing(action, filter, filter.key().get()));
            }
            invocation.print(new QueueActionReport(action.label(), keys));
        }
        return ExitCode.DONE.number();
    }

    private static String nothing(Action action, MissedFilter filter, RecordKey key) {
        String entity = filter.entity().orElse("");
        return "%s has no missed write of the key %s%s. `crossfade queue list %s` shows those it has."
                .formatted(entity, key, action == Action.PARK ? " that is not parked yet" : "", entity);
    }
}
