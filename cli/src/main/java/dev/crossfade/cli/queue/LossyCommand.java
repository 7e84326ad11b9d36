package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.invocation.Numbers;
import dev.crossfade.operate.LossyReader;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.LossyReport;
import dev.crossfade.operate.report.Wording;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the legacy side does not give back as it was written. */
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
public final class LossyCommand implements Callable<Integer> {

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

    public LossyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Numbers.requirePositive("--limit", limit);
        try (OperatorSession session = invocation.open("lossy")) {
            LossyReader reader = new LossyReader(session, Optional.ofNullable(entity));
            if (forget) {
                invocation.print(
                        reader.forget(),
                        (report, page) -> page.line("%s saves are forgotten.", Wording.count(report.forgotten())));
                return ExitCode.DONE.number();
            }
            LossyReport report = reader.read(limit);
            invocation.print(report, LossyText::print);
            return (report.isWithoutLoss() ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }
}
