package dev.crossfade.cli.queue;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.invocation.Numbers;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.ShadowReader;
import dev.crossfade.operate.report.ShadowReport;
import dev.crossfade.operate.report.Wording;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the mismatches that shadow reads found. */
@Command(
        name = "shadow",
        description = {
            "Shows the records that shadow reads found different, those seen last first. Values are redacted: type, length and a hash.",
            "Exits with 1 if there are some."
        },
        footer = {
            "  crossfade shadow",
            "  crossfade shadow user --limit 20 --output json",
            "  crossfade shadow user --forget    (once their cause is repaired)"
        })
public final class ShadowCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "ENTITY", description = "Only this entity; all where none is named.")
    private @Nullable String entity;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "100",
            description = "Show at most this many (${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--forget", description = "Forget them instead. Counts, which the gates look at, stay.")
    private boolean forget;

    public ShadowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Numbers.requirePositive("--limit", limit);
        try (OperatorSession session = invocation.open("shadow")) {
            ShadowReader reader = new ShadowReader(session, Optional.ofNullable(entity));
            if (forget) {
                invocation.print(
                        reader.forget(),
                        (report, page) -> page.line("%s mismatches are forgotten.", Wording.count(report.forgotten())));
                return ExitCode.DONE.number();
            }
            ShadowReport report = reader.read(limit);
            invocation.print(report, ShadowText::print);
            return (report.mismatches().isEmpty() ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }
}
