package dev.crossfade.cli;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.schema.MigrationRun;
import dev.crossfade.schema.MigrationVersion;
import dev.crossfade.schema.SchemaRunner;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reverts applied migrations. */
@Command(
        name = "down",
        description =
                "Reverts applied migrations by their down files, highest version first: the last one unless told otherwise.",
        footer = {
            "  crossfade migrate down",
            "  crossfade migrate down --steps 3",
            "  crossfade migrate down --to 12      (everything above version 12)"
        })
final class MigrateDownCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Option(names = "--steps", paramLabel = "N", description = "How many to revert (1).")
    private @Nullable Integer steps;

    @Option(names = "--to", paramLabel = "VERSION", description = "The version to go back to; 0 reverts all.")
    private @Nullable String to;

    MigrateDownCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (steps != null && to != null) {
            throw new InvalidInputException("--steps and --to contradict each other. Name one of them.");
        }
        int count = steps == null ? 1 : steps;
        Numbers.requirePositive("--steps", count);
        Optional<MigrationVersion> target = Optional.ofNullable(to).map(MigrationVersion::parse);
        try (MigrationSession migrations = MigrationSession.open(invocation)) {
            SchemaRunner runner = migrations.runner();
            List<MigrationRun> runs = target.map(runner::downTo).orElseGet(() -> runner.down(count));
            invocation.print(MigrationRunReport.reverted(runs));
        }
        return ExitCode.DONE.number();
    }
}
