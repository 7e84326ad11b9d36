package dev.crossfade.cli.rows;

import dev.crossfade.cli.invocation.EachEntity;
import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.CaptureDesk;
import dev.crossfade.operate.OperatorSession;
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
public final class CaptureInstallCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    public CaptureInstallCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.openToChange("capture")) {
            CaptureDesk desk = new CaptureDesk(session);
            EachEntity each = new EachEntity(invocation, session.mappings(entities));
            each.run(desk::install);
            invocation.print(desk.installed(), CaptureText::print);
            return each.exit(ExitCode.DONE).number();
        }
    }
}
