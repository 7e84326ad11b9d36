package dev.crossfade.cli.rows;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.operate.CaptureDesk;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.CaptureReport;
import dev.crossfade.operate.report.CaptureReport.Installed;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows which capture is installed. */
@Command(
        name = "status",
        description = {
            "Shows which capture is installed, and whether it is as the mapping file asks for.",
            "Exits with 1 if one is not."
        },
        footer = {"  crossfade capture status"})
public final class CaptureStatusCommand implements Callable<Integer> {

    private final Invocation invocation;

    public CaptureStatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("capture")) {
            CaptureReport report = new CaptureDesk(session).compared();
            invocation.print(report, CaptureText::print);
            session.leftOut().forEach(invocation::complain);
            Map<String, Contraction> contracted = session.contractions();
            report.captures().stream()
                    .map(Installed::entity)
                    .filter(contracted::containsKey)
                    .distinct()
                    .forEach(entity -> invocation.say(
                            "%s Its capture is left over: `crossfade capture remove %s`.",
                            Objects.requireNonNull(contracted.get(entity)).text(), entity));
            boolean whole =
                    report.captures().stream().allMatch(one -> one.whole() || contracted.containsKey(one.entity()));
            return (whole ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }
}
