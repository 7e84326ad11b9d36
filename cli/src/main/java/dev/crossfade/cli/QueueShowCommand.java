package dev.crossfade.cli;

import dev.crossfade.cli.QueueReport.Missed;
import dev.crossfade.cli.StatusReport.IntentCount;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.QueueActions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows everything about one key. */
@Command(
        name = "show",
        description = "Shows what waits for the mirror of one key, why, and what operators did to it.",
        footer = {
            "  crossfade queue show user --key 42",
            "  crossfade queue show price --key 7 --key EUR    (a key of two columns)"
        })
final class QueueShowCommand implements Callable<Integer> {

    private static final int ACTIONS = 20;

    private final Invocation invocation;

    @Parameters(paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "VALUE",
            description = "The key, as `crossfade queue list` shows it; once for each key column, in order.")
    private List<String> key = List.of();

    QueueShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        RecordKey wanted = new RecordKey(key);
        try (OperatorSession session = invocation.open("queue")) {
            QueueReader queue = new QueueReader(session);
            if (!queue.queued().contains(entity)) {
                session.requireKnown(List.of(entity));
            }
            QueueActions actions = new QueueActions(session.control());
            invocation.print(new QueueKeyReport(
                    entity,
                    key,
                    IntentCount.of(queue.intents(entity, wanted)),
                    new MissedWrites(session.control())
                            .list(MissedFilter.of(entity, wanted), 1).stream()
                                    .map(Missed::of)
                                    .findFirst()
                                    .orElse(null),
                    queue.difference(entity, wanted).orElse(null),
                    actions.on(entity, wanted, ACTIONS).stream()
                            .map(QueueAction::of)
                            .toList()));
            session.modernTrouble()
                    .map(UnavailableException::getMessage)
                    .ifPresent(trouble -> invocation.say("crossfade: Intents there are not counted. %s", trouble));
            return (session.modernTrouble().isPresent() ? ExitCode.PROBLEM : ExitCode.DONE).number();
        }
    }
}
