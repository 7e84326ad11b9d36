package dev.crossfade.cli;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.LockPatience;
import dev.crossfade.model.InvalidInputException;
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
final class CaptureRemoveCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    CaptureRemoveCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.openToChange("capture")) {
            Capture capture = new Capture(session.databases(), LockPatience.DEFAULTS);
            for (String entity : entities) {
                if (!capture.remove(entity)) {
                    throw new InvalidInputException(
                            "No capture of %s is installed. `crossfade capture status` shows what is."
                                    .formatted(entity));
                }
            }
            invocation.print(CaptureReport.of(new QueueReader(session).captures()));
        }
        return ExitCode.DONE.number();
    }
}
