package dev.crossfade.cli;

import dev.crossfade.cli.QueueReport.EntityBacklog;
import dev.crossfade.cli.QueueReport.Missed;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.MissedWrites;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what waits for the mirror. */
@Command(
        name = "list",
        description =
                "Shows how many intents wait for the mirror, and every missed write with the reason, the longest missed first.",
        footer = {"  crossfade queue list", "  crossfade queue list user --limit 20 --output json"})
final class QueueListCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "ENTITY", description = "Only this entity; all where none is named.")
    private @Nullable String entity;

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
        try (OperatorSession session = invocation.open("queue")) {
            Optional<String> wanted = Optional.ofNullable(entity);
            session.requireKnown(wanted.stream().toList());
            MissedWrites missedWrites = new MissedWrites(session.control());
            List<EntityBacklog> backlogs = new TreeMap<>(new StatusReader(session).backlogs())
                    .entrySet().stream()
                            .filter(one -> wanted.isEmpty() || wanted.get().equals(one.getKey()))
                            .map(one -> new EntityBacklog(
                                    one.getKey(),
                                    one.getValue().intents(),
                                    one.getValue().oldestSeconds()))
                            .toList();
            List<Missed> missed = missedWrites.list(wanted, limit).stream()
                    .map(QueueListCommand::missed)
                    .toList();
            long total = wanted.map(name -> (long) missedWrites.count(name))
                    .orElseGet(() -> missedWrites.counts().values().stream()
                            .mapToLong(Integer::longValue)
                            .sum());
            invocation.print(new QueueReport(backlogs, total, missed));
            session.modernTrouble()
                    .map(UnavailableException::getMessage)
                    .ifPresent(trouble -> invocation.say("crossfade: Intents there are not counted. %s", trouble));
            return (session.modernTrouble().isPresent() ? ExitCode.PROBLEM : ExitCode.DONE).number();
        }
    }

    private static Missed missed(MissedWrites.MissedWrite write) {
        return new Missed(
                write.entity(),
                write.key().values(),
                write.mirror().label(),
                write.attempts(),
                write.parked(),
                write.sqlState(),
                write.message(),
                write.firstMissedAt(),
                write.nextTryAt());
    }
}
