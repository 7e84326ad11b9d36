package dev.crossfade.cli;

import dev.crossfade.cli.OperatorSession.Access;
import dev.crossfade.schema.MigrationStatus;
import dev.crossfade.schema.MigrationStatus.State;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows where the migrations stand. */
@Command(
        name = "status",
        description = {
            "Shows where every migration stands.",
            "Exits with 1 if one was edited after it ran, has lost its file, or is out of order."
        },
        footer = {"  crossfade migrate status", "  crossfade migrate status --output json"})
final class MigrateStatusCommand implements Callable<Integer> {

    private static final Set<State> PROBLEMS = Set.of(State.EDITED, State.MISSING_FILE, State.OUT_OF_ORDER);

    private final Invocation invocation;

    MigrateStatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (MigrationSession migrations = MigrationSession.open(invocation, Access.LOOK)) {
            List<MigrationStatus> statuses = migrations.runner().status();
            invocation.print(MigrationStatusReport.of(statuses));
            boolean problem = statuses.stream().map(MigrationStatus::state).anyMatch(PROBLEMS::contains);
            return (problem ? ExitCode.PROBLEM : ExitCode.DONE).number();
        }
    }
}
