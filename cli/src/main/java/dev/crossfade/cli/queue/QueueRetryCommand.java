package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.queue.QueueActions.Action;
import picocli.CommandLine.Command;

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
public final class QueueRetryCommand extends QueueActingCommand {

    public QueueRetryCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() {
        return act(Action.RETRY, Integer.MAX_VALUE);
    }
}
