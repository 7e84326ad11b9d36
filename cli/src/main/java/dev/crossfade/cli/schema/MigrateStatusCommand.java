package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.OperatorSession.Access;
import dev.crossfade.operate.report.MigrationStatusReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the state of the migrations. */
@Command(
        name = "status",
        description = {
            "Shows where every migration stands.",
            "Exits with 1 if one was edited after it ran, has lost its file, or is out of order."
        },
        footer = {"  crossfade migrate status", "  crossfade migrate status --output json"})
public final class MigrateStatusCommand implements Callable<Integer> {

    private final Invocation invocation;

    public MigrateStatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (MigrationSession session = MigrationSession.open(invocation, Access.LOOK)) {
            MigrationStatusReport report = session.migrations().status();
            invocation.print(report, MigrationStatusText::print);
            return (report.hasProblem() ? ExitCode.PROBLEM : ExitCode.DONE).number();
        }
    }
}
