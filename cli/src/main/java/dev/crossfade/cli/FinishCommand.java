package dev.crossfade.cli;

import dev.crossfade.finish.ContractedElsewhere;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what is left to do for an entity after its contraction. */
@Command(
        name = "finish",
        description = {
            "Shows what is left to do for an entity whose contract migration has run: in the service's code and settings, in the "
                    + "mapping file, in the databases. Changes nothing.",
            "Exits with 1 if the entity is not contracted yet; then it shows what is missing, with the next command.",
            "With --contracted-by: records before that another tool has taken the legacy structures away, which no contract migration "
                    + "says. Refused (3) unless the entity is at modern-only, nothing waits, and they are gone."
        },
        footer = {
            "  crossfade finish user",
            "  crossfade finish user --contracted-by \"flyway 17\"",
            "  crossfade finish user --output json"
        })
final class FinishCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    @Option(
            names = "--contracted-by",
            paramLabel = "TEXT",
            description = "What has taken the legacy structures away, where that was no migration of Crossfade's.")
    private @Nullable String contractedBy;

    FinishCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session =
                contractedBy == null ? invocation.open("finish") : invocation.openToChange("finish")) {
            if (contractedBy != null && !session.contractions().containsKey(entity)) {
                new ContractedElsewhere(session.databases()).record(entity, contractedBy, isMapped(session));
            }
            FinishPlan plan = new Finish(session.databases(), pending(session)).plan(entity);
            invocation.print(FinishReport.of(plan));
            return (plan instanceof FinishPlan.Contracted ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }

    /** Tells whether the mapping file has the entity, and fits the tables. */
    private boolean isMapped(OperatorSession session) {
        return session.hasMappingFile()
                && session.known().usable().stream()
                        .anyMatch(mapping -> mapping.entity().equals(entity));
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
