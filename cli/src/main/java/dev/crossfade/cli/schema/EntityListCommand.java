package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.EntityReader;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.EntityListReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows which tables belong to which entity. */
@Command(
        name = "list",
        description = {
            "Shows every entity with its stage and the tables that belong to it.",
            "Exits with 1 if renaming or forgetting one was interrupted."
        },
        footer = {"  crossfade entity list", "  crossfade entity list --output json"})
public final class EntityListCommand implements Callable<Integer> {

    private final Invocation invocation;

    public EntityListCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("entity")) {
            EntityListReport report = new EntityReader(session).read();
            invocation.print(report, EntityListText::print);
            return (report.unfinished().isEmpty() ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }
}
