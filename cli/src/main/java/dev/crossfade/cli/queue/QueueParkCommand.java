package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.queue.QueueActions.Action;
import picocli.CommandLine.Command;

/** Keeps missed writes from being retried. */
@Command(
        name = "park",
        description = "Parks missed writes: they are left alone until `crossfade queue retry`.",
        footer = {
            "  crossfade queue park user --key 42 --reason \"waits for ticket 4711\"",
            "  crossfade queue park order --error waits-for-parent"
        })
public final class QueueParkCommand extends QueueActingCommand {

    public QueueParkCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() {
        return act(Action.PARK, Integer.MAX_VALUE);
    }
}
