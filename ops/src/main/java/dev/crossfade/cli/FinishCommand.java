package dev.crossfade.cli;

import dev.crossfade.finish.Finish;
import dev.crossfade.finish.FinishPlan;
import dev.crossfade.schema.Migration;
import dev.crossfade.schema.MigrationDirectory;
import dev.crossfade.schema.MigrationStatus.State;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import dev.crossfade.schema.StageGate;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says what is left to do for an entity after its contraction. */
@Command(
        name = "finish",
        description = {
            "Shows what is left to do for an entity whose contract migration has run: in the service's code and settings, in the "
                    + "mapping file, in the databases. Changes nothing.",
            "Exits with 1 if the entity is not contracted yet; then it shows what is missing, with the next command."
        },
        footer = {"  crossfade finish user", "  crossfade finish user --output json"})
final class FinishCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    FinishCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("finish")) {
            FinishPlan plan = new Finish(session.databases(), pending(session)).plan(entity);
            invocation.print(FinishReport.of(plan));
            return (plan instanceof FinishPlan.Contracted ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }

    private List<Migration> pending(OperatorSession session) {
        if (!Files.isDirectory(session.settings().migrations())) {
            return List.of();
        }
        MigrationDirectory directory =
                MigrationDirectory.read(session.settings().migrations());
        return new SchemaRunner(
                        session.databases(),
                        directory,
                        new StageGate(session.databases()),
                        invocation.settings().migrating(),
                        SchemaListener.silent())
                .status().stream()
                        .filter(status -> status.state() == State.PENDING || status.state() == State.RUNNING)
                        .map(status -> directory.find(status.version()))
                        .flatMap(Optional::stream)
                        .toList();
    }
}
