package dev.crossfade.cli;

import dev.crossfade.cli.LossyReport.Key;
import dev.crossfade.cli.LossyReport.Write;
import dev.crossfade.lossy.LossyWriteLog;
import dev.crossfade.queue.LossyKeys;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the legacy side does not bring back as it was written. */
@Command(
        name = "lossy",
        description = {
            "Shows what the legacy side does not bring back as it was written: the saves that it changed while it decided, those seen last first, with redacted values (type, length and a hash); and the keys whose modern row could not be had again if it decided once more.",
            "Exits with 1 if there are some. Equal values that are only spelled differently are shown and do not count."
        },
        footer = {
            "  crossfade lossy",
            "  crossfade lossy user --limit 20 --output json",
            "  crossfade lossy user --forget    (the saves, once their cause is gone)"
        })
final class LossyCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "ENTITY", description = "Only this entity; all where none is named.")
    private @Nullable String entity;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "100",
            description = "Show at most this many of each (${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--forget",
            description =
                    "Forget the saves instead, which opens the gate 'written as given' until there is another one. Keys stay: they go when they are written without a loss.")
    private boolean forget;

    LossyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** How many saves were forgotten. */
    record ForgetReport(int forgotten) implements Report {

        @Override
        public void print(Page page) {
            page.line("%s saves are forgotten.", Wording.count(forgotten));
        }
    }

    @Override
    public Integer call() {
        Numbers.requirePositive("--limit", limit);
        try (OperatorSession session = invocation.open("lossy")) {
            Optional<String> wanted = Optional.ofNullable(entity);
            session.requireKnown(wanted.stream().toList());
            LossyWriteLog log = new LossyWriteLog(session.control());
            if (forget) {
                invocation.print(new ForgetReport(log.forget(wanted)));
                return ExitCode.DONE.number();
            }
            List<Write> writes =
                    log.list(wanted, limit).stream().map(LossyCommand::write).toList();
            List<Key> keys = LossyKeys.list(session.control(), wanted, limit).stream()
                    .map(one -> new Key(one.entity(), one.key(), one.columns(), one.notedAt()))
                    .toList();
            invocation.print(
                    new LossyReport(log.count(wanted), writes, LossyKeys.count(session.control(), wanted), keys));
            boolean lost = !keys.isEmpty() || writes.stream().anyMatch(Write::changed);
            return (lost ? ExitCode.PROBLEM : ExitCode.DONE).number();
        }
    }

    private static Write write(LossyWriteLog.KeptWrite entry) {
        return new Write(
                entry.write().entity(),
                entry.write().key(),
                entry.write().changed(),
                entry.write().columns(),
                entry.times(),
                entry.firstSeenAt(),
                entry.lastSeenAt());
    }
}
