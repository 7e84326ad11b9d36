package dev.crossfade.cli;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.MissedWrites;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes missed writes due at once. */
@Command(
        name = "retry",
        description =
                "Makes missed writes due at once, parked ones too; the worker, or `crossfade worker --once`, then tries them.",
        footer = {
            "  crossfade queue retry",
            "  crossfade queue retry user",
            "  crossfade queue retry user --key 42",
            "  crossfade queue retry price --key 7 --key EUR    (a key of two columns)"
        })
final class QueueRetryCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "ENTITY", description = "Only this entity; all where none is named.")
    private @Nullable String entity;

    @Option(
            names = "--key",
            paramLabel = "VALUE",
            description = "Only this key, as `crossfade queue list` shows it; once for each key column, in order.")
    private List<String> key = List.of();

    QueueRetryCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** How many missed writes are due now. */
    record RetryReport(int due) implements Report {

        @Override
        public void print(Page page) {
            page.line("%s missed writes are due now.", Wording.count(due));
        }
    }

    @Override
    public Integer call() {
        if (entity == null && !key.isEmpty()) {
            throw new InvalidInputException(
                    "--key needs the entity that it belongs to: crossfade queue retry <entity> --key …");
        }
        try (OperatorSession session = invocation.open("queue")) {
            Optional<String> wanted = Optional.ofNullable(entity);
            session.requireKnown(wanted.stream().toList());
            int due = new MissedWrites(session.control())
                    .retry(wanted, key.isEmpty() ? Optional.empty() : Optional.of(new RecordKey(key)));
            if (due == 0 && !key.isEmpty()) {
                throw new InvalidInputException(
                        "%s has no missed write of the key %s. `crossfade queue list %s` shows those it has."
                                .formatted(entity, String.join(",", key), entity));
            }
            invocation.print(new RetryReport(due));
        }
        return ExitCode.DONE.number();
    }
}
