package dev.crossfade.cli;

import dev.crossfade.cli.OperatorSession.Access;
import dev.crossfade.schema.MigrationRun;
import dev.crossfade.schema.MigrationVersion;
import dev.crossfade.schema.SchemaRunner;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Applies pending migrations. */
@Command(
        name = "up",
        description = {
            "Applies the pending migrations, lowest version first, and finishes an interrupted run.",
            "A contract migration waits until its entities stand at modern-only and nothing waits for their legacy side. Without "
                    + "--to, what comes before it is applied; where it is the first one, or named by --to, it is refused."
        },
        footer = {"  crossfade migrate up", "  crossfade migrate up --to 20260101.2 --migrations db/migrations"})
final class MigrateUpCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Option(names = "--to", paramLabel = "VERSION", description = "The last version to apply.")
    private @Nullable String to;

    MigrateUpCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Optional<MigrationVersion> target = Optional.ofNullable(to).map(MigrationVersion::parse);
        try (MigrationSession migrations = MigrationSession.open(invocation, Access.CHANGE)) {
            SchemaRunner runner = migrations.runner();
            List<MigrationRun> runs = target.map(runner::up).orElseGet(runner::up);
            invocation.print(MigrationRunReport.applied(runs));
        }
        return ExitCode.DONE.number();
    }
}
