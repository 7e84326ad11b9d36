package dev.crossfade.cli.rows;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.CaptureDesk;
import dev.crossfade.operate.OperatorSession;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes the triggers of entities. */
@Command(
        name = "remove",
        description = {
            "Removes the triggers of entities; the mapping file is not needed.",
            "Takes each table's ACCESS EXCLUSIVE lock for an instant, with a timeout of 1 s, 10 times."
        },
        footer = {"  crossfade capture remove user"})
public final class CaptureRemoveCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    public CaptureRemoveCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.openToChange("capture")) {
            CaptureDesk desk = new CaptureDesk(session);
            entities.forEach(desk::remove);
            invocation.print(desk.installed(), CaptureText::print);
        }
        return ExitCode.DONE.number();
    }
}
