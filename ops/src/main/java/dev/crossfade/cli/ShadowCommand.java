package dev.crossfade.cli;

import dev.crossfade.cli.ShadowReport.Mismatch;
import dev.crossfade.shadow.Pairing;
import dev.crossfade.shadow.ShadowLog;
import dev.crossfade.shadow.ShadowMismatch;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what shadow reads found different. */
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
final class ShadowCommand implements Callable<Integer> {

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

    ShadowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** How many mismatches were forgotten. */
    record ForgetReport(int forgotten) implements Report {

        @Override
        public void print(Page page) {
            page.line("%s mismatches are forgotten.", Wording.count(forgotten));
        }
    }

    @Override
    public Integer call() {
        Numbers.requirePositive("--limit", limit);
        try (OperatorSession session = invocation.open("shadow")) {
            Optional<String> wanted = Optional.ofNullable(entity);
            session.requireKnown(wanted.stream().toList());
            ShadowLog log = new ShadowLog(session.control());
            if (forget) {
                invocation.print(new ForgetReport(log.forget(wanted)));
                return ExitCode.DONE.number();
            }
            List<Mismatch> shown = log.list(wanted, limit).stream()
                    .map(ShadowCommand::mismatch)
                    .toList();
            invocation.print(new ShadowReport(log.count(wanted), shown));
            return (shown.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }

    private static Mismatch mismatch(ShadowLog.KeptMismatch entry) {
        ShadowMismatch mismatch = entry.mismatch();
        return new Mismatch(
                mismatch.entity(),
                mismatch.key(),
                mismatch.read(),
                mismatch.pairing() == Pairing.LEGACY_WITH_LEGACY,
                mismatch.fields(),
                entry.times(),
                entry.firstSeenAt(),
                entry.lastSeenAt());
    }
}
