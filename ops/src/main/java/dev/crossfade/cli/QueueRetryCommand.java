package dev.crossfade.cli;

import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes missed writes due at once. */
@Command(
        name = "retry",
        description =
                "Makes missed writes due at once, parked ones too; the worker, or `crossfade worker --once`, then tries them.",
        footer = {
            "  crossfade queue retry",
            "  crossfade queue retry user",
            "  crossfade queue retry user --key 42",
            "  crossfade queue retry price --key 7 --key EUR    (a key of two columns)",
            "  crossfade queue retry --error 23505"
        })
final class QueueRetryCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Mixin
    private MissedOptions missed = new MissedOptions();

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the action.")
    private @Nullable String reason;

    QueueRetryCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return new QueueActing(invocation, missed)
                .act(Action.RETRY, new Operator(operator.name(), reason), Integer.MAX_VALUE);
    }
}
