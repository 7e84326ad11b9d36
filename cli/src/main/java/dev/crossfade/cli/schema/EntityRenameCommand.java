package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.invocation.OperatorOptions;
import dev.crossfade.entities.EntityNames;
import dev.crossfade.entities.EntityNames.Ending;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.EntityChangeReport;
import dev.crossfade.queue.QueueActions.Operator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renames an entity. */
@Command(
        name = "rename",
        description = {
            "Gives an entity another name in both databases; its stage, tables, queue, flags and history go with it.",
            "Refused while a service, a worker or another command works on it, and while its capture is installed. If it is "
                    + "interrupted, the same command completes it."
        },
        footer = {
            "  crossfade entity rename user customer",
            "  crossfade entity rename user customer --reason \"ticket 4711\""
        })
public final class EntityRenameCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "OLD", description = "The entity.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "Its new name, which nothing has yet.")
    private String to = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the change.")
    private @Nullable String reason;

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    public EntityRenameCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.openToChange("entity")) {
            Ending ending =
                    new EntityNames(session.databases()).rename(from, to, new Operator(operator.name(), reason));
            invocation.print(EntityChangeReport.of(from, to, ending), EntityChangeText::print);
        }
        return ExitCode.DONE.number();
    }
}
