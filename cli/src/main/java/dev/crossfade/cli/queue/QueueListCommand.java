package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.invocation.Numbers;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.QueueReader;
import dev.crossfade.queue.MissedFilter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what waits for the mirror. */
@Command(
        name = "list",
        description =
                "Shows how many intents wait for the mirror, and every missed write with the reason, the longest missed first.",
        footer = {
            "  crossfade queue list",
            "  crossfade queue list user --limit 20 --output json",
            "  crossfade queue list --error waits-for-parent"
        })
public final class QueueListCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Mixin
    private MissedOptions missed = new MissedOptions();

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "100",
            description = "Show at most this many missed writes (${DEFAULT-VALUE}).")
    private int limit;

    public QueueListCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Numbers.requirePositive("--limit", limit);
        MissedFilter filter = missed.filter();
        try (OperatorSession session = invocation.open("queue")) {
            invocation.print(new QueueReader(session).list(filter, limit), QueueText::print);
            return notCounted(invocation, session).number();
        }
    }

    /** Reports which intents could not be counted. */
    static ExitCode notCounted(Invocation invocation, OperatorSession session) {
        session.modernTrouble()
                .map(UnavailableException::getMessage)
                .ifPresent(trouble -> invocation.say("crossfade: Intents there are not counted. %s", trouble));
        return session.modernTrouble().isPresent() ? ExitCode.PROBLEM : ExitCode.DONE;
    }
}
