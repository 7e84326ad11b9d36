package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.queue.QueueActions.Action;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Forgets missed writes. */
@Command(
        name = "discard",
        description = {
            "Forgets missed writes although their mirror rows are not up to date. Needs --reason; it is recorded.",
            "A verification, or the next sweep, finds those whose sides still differ.",
            "With --intents: drops the intents that wait at modern-only, before the contraction."
        },
        footer = {
            "  crossfade queue discard user --key 42 --reason \"a test record, ticket 4711\"",
            "  crossfade queue discard user --error 22001 --several --reason \"names are cut by hand, ticket 4711\"",
            "  crossfade queue discard user --intents --reason \"the legacy rows are of no use any more\""
        })
public final class QueueDiscardCommand extends QueueActingCommand {

    @Option(names = "--several", description = "Discard more than one key.")
    private boolean several;

    @Option(
            names = "--intents",
            description = "Drop the intents of an entity at modern-only, where nobody applies them.")
    private boolean intents;

    public QueueDiscardCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() {
        if (!hasReason()) {
            throw new InvalidInputException("Discarding needs --reason TEXT, which is recorded.");
        }
        if (intents) {
            return discardIntents();
        }
        return act(Action.DISCARD, several ? Integer.MAX_VALUE : 1);
    }
}
