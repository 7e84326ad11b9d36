package dev.crossfade.cli;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class QueueDiscardCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Mixin
    private MissedOptions missed = new MissedOptions();

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the action.")
    private @Nullable String reason;

    @Option(names = "--several", description = "Discard more than one key.")
    private boolean several;

    QueueDiscardCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (reason == null || reason.isBlank()) {
            throw new InvalidInputException("Discarding needs --reason TEXT, which is recorded.");
        }
        return new QueueActing(invocation, missed)
                .act(Action.DISCARD, new Operator(operator.name(), reason), several ? Integer.MAX_VALUE : 1);
    }
}
