package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.OperatorSession;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Creates Crossfade's own schema. */
@Command(
        name = "install",
        description = {
            "Makes Crossfade's own schema in the legacy database and, where that is another one, in the modern one, or brings it "
                    + "up to date. A service does so at its first start.",
            "Where the schema was lost, entities would begin again at legacy-only: it is refused while the modern database still "
                    + "has their fences."
        },
        footer = "  crossfade install")
public final class InstallCommand implements Callable<Integer> {

    private final Invocation invocation;

    public InstallCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        invocation.print(
                OperatorSession.install(invocation.settings()),
                (report, page) -> page.line(
                        report.created()
                                ? "Crossfade is installed."
                                : "Crossfade was installed already; its schema is up to date."));
        return ExitCode.DONE.number();
    }
}
