package dev.crossfade.cli;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.DiscardedIntents;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.QueueActions;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that acts on missed writes and reports how many it met. */
abstract class QueueActingCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Mixin
    private MissedOptions missed = new MissedOptions();

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the action.")
    private @Nullable String reason;

    QueueActingCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** Tells whether a reason was given. */
    final boolean hasReason() {
        return reason != null && !reason.isBlank();
    }

    /** Acts, unless more keys are meant than {@code atMost}. */
    final int act(Action action, int atMost) {
        MissedFilter filter = missed.filter();
        try (OperatorSession session = invocation.openToChange("queue")) {
            missed.requireKnown(session);
            int keys = new QueueActions(session.control())
                    .act(action, filter, new Operator(operator.name(), reason), atMost);
            if (keys > atMost) {
                throw new InvalidInputException(
                        "%s keys are meant, and nothing was done. Name one with --key, or give the command again with --several."
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

    /** Drops the intents of the entity that was named. */
    final int discardIntents() {
        MissedFilter filter = missed.filter();
        String entity = filter.entity()
                .filter(named -> filter.equals(MissedFilter.of(named)))
                .orElseThrow(() -> new InvalidInputException(
                        "--intents drops all intents of one entity. Name it, without --key and --error."));
        try (OperatorSession session = invocation.openToChange("queue")) {
            session.requireKnown(List.of(entity));
            int dropped =
                    new DiscardedIntents(session.databases()).discard(entity, new Operator(operator.name(), reason));
            invocation.print(new QueueActionReport(QueueActionReport.DISCARD_INTENTS, dropped));
        }
        return ExitCode.DONE.number();
    }

    private static String nothing(Action action, MissedFilter filter, RecordKey key) {
        String entity = filter.entity().orElse("");
        return "%s has no missed write of the key %s%s. `crossfade queue list %s` shows those it has."
                .formatted(entity, key, action == Action.PARK ? " that is not parked yet" : "", entity);
    }
}
