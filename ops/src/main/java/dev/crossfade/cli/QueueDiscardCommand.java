package dev.crossfade.cli;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.queue.QueueActions.Action;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Forgets missed writes. */
@Command(
        name = "discard",
        description = {
            "Forgets missed writes although their mirror rows are not up to date. Needs --reason; it is recorded.",
            "A verification, or the next sweep, finds those whose sides still differ."
        },
        footer = {
            "  crossfade queue discard user --key 42 --reason \"a test record, ticket 4711\"",
            "  crossfade queue discard user --error 22001 --several --reason \"names are cut by hand, ticket 4711\""
        })
final class QueueDiscardCommand extends QueueActingCommand {

    @Option(names = "--several", description = "Discard more than one key.")
    private boolean several;

    QueueDiscardCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() {
        if (!hasReason()) {
            throw new InvalidInputException("Discarding needs --reason TEXT, which is recorded.");
        }
        return act(Action.DISCARD, several ? Integer.MAX_VALUE : 1);
    }
}
