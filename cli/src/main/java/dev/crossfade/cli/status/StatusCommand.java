package dev.crossfade.cli.status;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.NotInstalledException;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.StatusReader;
import dev.crossfade.operate.report.StatusReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the state of everything. */
@Command(
        name = "status",
        description = {
            "Shows for each entity its stage, what waits for the mirror, how far the backfill is, the last verification, "
                    + "and the live instances.",
            "Exits with 1 if a database or the mapping file cannot be used; what can be seen without it is shown."
        },
        footer = {"  crossfade status", "  crossfade status --output json"})
public final class StatusCommand implements Callable<Integer> {

    private final Invocation invocation;

    public StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("status")) {
            StatusReport report = new StatusReader(session).read();
            invocation.print(report, StatusText::print);
            session.modernTrouble().ifPresent(invocation::complain);
            String mappingProblem = report.mapping().problem();
            if (mappingProblem != null) {
                invocation.complain(mappingProblem);
            }
            return (report.hasTrouble() ? ExitCode.PROBLEM : ExitCode.DONE).number();
        } catch (NotInstalledException e) {
            invocation.print(StatusReader.notInstalled(invocation.settings()), StatusText::print);
            return ExitCode.DONE.number();
        }
    }
}
