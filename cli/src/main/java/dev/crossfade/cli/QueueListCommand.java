package dev.crossfade.cli;

import dev.crossfade.cli.QueueReport.EntityBacklog;
import dev.crossfade.cli.QueueReport.Missed;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.MissedWrites;
import java.util.List;
import java.util.TreeMap;
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
final class QueueListCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Mixin
    private MissedOptions missed = new MissedOptions();

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "100",
            description = "Show at most this many missed writes (${DEFAULT-VALUE}).")
    private int limit;

    QueueListCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Numbers.requirePositive("--limit", limit);
        MissedFilter filter = missed.filter();
        try (OperatorSession session = invocation.open("queue")) {
            missed.requireKnown(session);
            MissedWrites missedWrites = new MissedWrites(session.control());
            List<EntityBacklog> backlogs = new TreeMap<>(new QueueReader(session).backlogs())
                    .entrySet().stream()
                            .filter(one ->
                                    filter.entity().map(one.getKey()::equals).orElse(true))
                            .map(one -> new EntityBacklog(
                                    one.getKey(),
                                    one.getValue().count(),
                                    one.getValue().oldestSeconds()))
                            .toList();
            List<Missed> shown =
                    missedWrites.list(filter, limit).stream().map(Missed::of).toList();
            invocation.print(new QueueReport(backlogs, missedWrites.count(filter), shown));
            session.modernTrouble()
                    .map(UnavailableException::getMessage)
                    .ifPresent(trouble -> invocation.say("crossfade: Intents there are not counted. %s", trouble));
            return (session.modernTrouble().isPresent() ? ExitCode.PROBLEM : ExitCode.DONE).number();
        }
    }
}
