package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.invocation.Numbers;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.QueueReader;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what operators did to missed writes. */
@Command(
        name = "history",
        description = "Shows who retried, parked or discarded missed writes, when, which and why; the newest first.",
        footer = {"  crossfade queue history", "  crossfade queue history user --limit 20 --output json"})
public final class QueueHistoryCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "ENTITY", description = "Only this entity; all where none is named.")
    private @Nullable String entity;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "100",
            description = "Show at most this many (${DEFAULT-VALUE}).")
    private int limit;

    public QueueHistoryCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Numbers.requirePositive("--limit", limit);
        try (OperatorSession session = invocation.open("queue")) {
            invocation.print(
                    new QueueReader(session).history(Optional.ofNullable(entity), limit), QueueActionsText::print);
        }
        return ExitCode.DONE.number();
    }
}
