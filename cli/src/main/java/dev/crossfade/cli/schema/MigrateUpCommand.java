package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.OperatorSession.Access;
import dev.crossfade.schema.file.MigrationVersion;
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
public final class MigrateUpCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Option(names = "--to", paramLabel = "VERSION", description = "The last version to apply.")
    private @Nullable String to;

    public MigrateUpCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Optional<MigrationVersion> target = Optional.ofNullable(to).map(MigrationVersion::parse);
        try (MigrationSession session = MigrationSession.open(invocation, Access.CHANGE)) {
            invocation.print(session.migrations().up(target), MigrationRunText::print);
        }
        return ExitCode.DONE.number();
    }
}
