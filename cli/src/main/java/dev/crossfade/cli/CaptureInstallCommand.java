package dev.crossfade.cli;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.LockPatience;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Installs the triggers of entities. */
@Command(
        name = "install",
        description = {
            "Installs the triggers of entities on both sides, or brings them up to date with the mapping file.",
            "Takes each table's SHARE ROW EXCLUSIVE lock for an instant, with a timeout of 1 s, 10 times: writers wait that long "
                    + "at most. Where there is a mirror already, a sweep is asked for, as what was written before is not captured."
        },
        footer = {"  crossfade capture install user"})
final class CaptureInstallCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    CaptureInstallCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.openToChange("capture")) {
            Capture capture = new Capture(session.databases(), LockPatience.DEFAULTS);
            EachEntity each = new EachEntity(invocation, session.mappings(entities));
            each.run(capture::install);
            invocation.print(CaptureReport.of(new QueueReader(session).captures()));
            return each.exit(ExitCode.DONE).number();
        }
    }
}
