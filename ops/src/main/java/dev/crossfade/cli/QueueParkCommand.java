package dev.crossfade.cli;

import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps missed writes from being tried. */
@Command(
        name = "park",
        description = "Parks missed writes: they are left alone until `crossfade queue retry`.",
        footer = {
            "  crossfade queue park user --key 42 --reason \"waits for ticket 4711\"",
            "  crossfade queue park order --error waits-for-parent"
        })
final class QueueParkCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Mixin
    private MissedOptions missed = new MissedOptions();

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the action.")
    private @Nullable String reason;

    QueueParkCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return new QueueActing(invocation, missed)
                .act(Action.PARK, new Operator(operator.name(), reason), Integer.MAX_VALUE);
    }
}
