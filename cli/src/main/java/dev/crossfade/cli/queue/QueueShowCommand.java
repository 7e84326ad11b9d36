package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.QueueReader;
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
public final class QueueShowCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "VALUE",
            description = "The key, as `crossfade queue list` shows it; once for each key column, in order.")
    private List<String> key = List.of();

    public QueueShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        RecordKey wanted = new RecordKey(key);
        try (OperatorSession session = invocation.open("queue")) {
            invocation.print(new QueueReader(session).key(entity, wanted), QueueKeyText::print);
            return QueueListCommand.notCounted(invocation, session).number();
        }
    }
}
