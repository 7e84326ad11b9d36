package dev.crossfade.cli;

import dev.crossfade.queue.QueueActions;
import java.util.List;
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
final class QueueHistoryCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "ENTITY", description = "Only this entity; all where none is named.")
    private @Nullable String entity;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "100",
            description = "Show at most this many (${DEFAULT-VALUE}).")
    private int limit;

    QueueHistoryCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** The actions. */
    record HistoryReport(List<QueueAction> actions) implements Report {

        @Override
        public void print(Page page) {
            page.table(QueueAction.table(actions));
            if (actions.isEmpty()) {
                page.line("none");
            }
        }
    }

    @Override
    public Integer call() {
        Numbers.requirePositive("--limit", limit);
        try (OperatorSession session = invocation.open("queue")) {
            invocation.print(new HistoryReport(new QueueActions(session.control())
                    .last(Optional.ofNullable(entity), limit).stream()
                            .map(QueueAction::of)
                            .toList()));
        }
        return ExitCode.DONE.number();
    }
}
