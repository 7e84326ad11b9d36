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

/** Forgets an entity. */
@Command(
        name = "forget",
        description = {
            "Forgets an entity, so that its tables may belong to another one. The rows of its tables are left alone.",
            "Refused unless it stands at legacy-only, or at modern-only with its legacy table gone; and while anything works on it."
        },
        footer = {"  crossfade entity forget usr --reason \"a typing mistake\""})
public final class EntityForgetCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the change.")
    private @Nullable String reason;

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    public EntityForgetCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.openToChange("entity")) {
            Ending ending = new EntityNames(session.databases()).forget(entity, new Operator(operator.name(), reason));
            invocation.print(EntityChangeReport.of(entity, null, ending), EntityChangeText::print);
        }
        return ExitCode.DONE.number();
    }
}
