package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.invocation.Numbers;
import dev.crossfade.cli.invocation.OperatorOptions;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.operate.Migrations;
import dev.crossfade.operate.OperatorSession.Access;
import dev.crossfade.schema.DestructionGate.Overruling;
import dev.crossfade.schema.file.MigrationVersion;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reverts applied migrations. */
@Command(
        name = "down",
        description = {
            "Reverts applied migrations by their down files, highest version first: the last one unless told otherwise.",
            "An expand migration is reverted while its entities stand at legacy-only. From dual-write on that needs --force and "
                    + "--reason; it is always refused from modern-primary on, and while a backfill runs. A migration that names no "
                    + "entity concerns all."
        },
        footer = {
            "  crossfade migrate down",
            "  crossfade migrate down --steps 3",
            "  crossfade migrate down --to 12      (everything above version 12)",
            "  crossfade migrate down --force --reason \"the mirror is given up, ticket 4711\""
        })
public final class MigrateDownCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Option(names = "--steps", paramLabel = "N", description = "How many to revert (1).")
    private @Nullable Integer steps;

    @Option(names = "--to", paramLabel = "VERSION", description = "The version to go back to; 0 reverts all.")
    private @Nullable String to;

    @Option(
            names = "--force",
            description = "Revert although an entity's mirror is in use. Needs --reason; both are recorded.")
    private boolean force;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the revert.")
    private @Nullable String reason;

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    public MigrateDownCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (steps != null && to != null) {
            throw new InvalidInputException("--steps and --to contradict each other. Name one of them.");
        }
        if (!force && reason != null) {
            throw new InvalidInputException("--reason belongs to --force. Name both, or none.");
        }
        Optional<Overruling> overruling =
                force ? Optional.of(new Overruling(operator.name(), reason == null ? "" : reason)) : Optional.empty();
        int count = steps == null ? 1 : steps;
        Numbers.requirePositive("--steps", count);
        Optional<MigrationVersion> target = Optional.ofNullable(to).map(MigrationVersion::parse);
        try (MigrationSession session = MigrationSession.open(invocation, Access.CHANGE)) {
            Migrations migrations = session.migrations();
            invocation.print(
                    target.map(version -> migrations.downTo(version, overruling))
                            .orElseGet(() -> migrations.down(count, overruling)),
                    MigrationRunText::print);
        }
        return ExitCode.DONE.number();
    }
}
