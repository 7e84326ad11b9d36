package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.invocation.OperatorOptions;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.QueueActs;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that acts on missed writes and reports how many it affected. */
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

    /** Acts, unless more than {@code atMost} keys match. */
    final int act(Action action, int atMost) {
        MissedFilter filter = missed.filter();
        try (OperatorSession session = invocation.openToChange("queue")) {
            invocation.print(
                    new QueueActs(session).act(action, filter, new Operator(operator.name(), reason), atMost),
                    QueueActionText::print);
        }
        return ExitCode.DONE.number();
    }

    /** Drops the intents of the named entity. */
    final int discardIntents() {
        MissedFilter filter = missed.filter();
        String entity = filter.entity()
                .filter(named -> filter.equals(MissedFilter.of(named)))
                .orElseThrow(() -> new InvalidInputException(
                        "--intents drops all intents of one entity. Name it, without --key and --error."));
        try (OperatorSession session = invocation.openToChange("queue")) {
            invocation.print(
                    new QueueActs(session).discardIntents(entity, new Operator(operator.name(), reason)),
                    QueueActionText::print);
        }
        return ExitCode.DONE.number();
    }
}
