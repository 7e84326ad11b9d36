package dev.crossfade.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Makes Crossfade's own schema. */
@Command(
        name = "install",
        description = {
            "Makes Crossfade's own schema in the legacy database and, where that is another one, in the modern one, or brings it "
                    + "up to date. A service does so at its first start.",
            "Where the schema was lost, entities would begin again at legacy-only: it is refused while the modern database still "
                    + "has their fences."
        },
        footer = "  crossfade install")
final class InstallCommand implements Callable<Integer> {

    private final Invocation invocation;

    InstallCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** Whether there was none before. */
    private record Installed(boolean created) implements Report {

        @Override
        public void print(Page page) {
            page.line(
                    created ? "Crossfade is installed." : "Crossfade was installed already; its schema is up to date.");
        }
    }

    @Override
    public Integer call() {
        invocation.print(new Installed(OperatorSession.install(invocation.settings())));
        return ExitCode.DONE.number();
    }
}
