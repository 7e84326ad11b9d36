package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.FinishReader;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.FinishReport;
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
public final class FinishCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    @Option(
            names = "--contracted-by",
            paramLabel = "TEXT",
            description = "What has taken the legacy structures away, where that was no migration of Crossfade's.")
    private @Nullable String contractedBy;

    public FinishCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session =
                contractedBy == null ? invocation.open("finish") : invocation.openToChange("finish")) {
            FinishReader reader = new FinishReader(session);
            if (contractedBy != null) {
                reader.contractedBy(entity, contractedBy);
            }
            FinishReport report = reader.read(entity);
            invocation.print(report, FinishText::print);
            return (report.contracted() != null ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }
}
