package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.finish.Uninstall;
import dev.crossfade.finish.Uninstall.Plan;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.UninstallReport;
import java.io.Console;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Drops Crossfade's own schema from the databases. */
@Command(
        name = "uninstall",
        description = {
            "Drops the schema crossfade, in both databases where there are two, when nothing needs it any more: every entity is "
                    + "contracted or at legacy-only, no instance, worker or other command runs, no capture is installed, and "
                    + "nothing waits. The tables of the service are left alone.",
            "Asks first, unless --yes is given. Exits with 3 if something still needs the schema; that is named."
        },
        footer = {"  crossfade uninstall --dry-run", "  crossfade uninstall --yes"})
public final class UninstallCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Option(names = "--dry-run", description = "Show what would be dropped and what is in the way, and do nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    public UninstallCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("uninstall")) {
            Uninstall uninstall = new Uninstall(session.databases());
            Plan plan = uninstall.look();
            if (dryRun) {
                invocation.print(UninstallReport.of(false, plan.obstacles(), plan.contents()), UninstallText::print);
                return (plan.obstacles().isEmpty() ? ExitCode.DONE : ExitCode.REFUSED).number();
            }
            if (!plan.obstacles().isEmpty()) {
                throw Uninstall.refusal(plan.obstacles());
            }
            if (!yes) {
                ask(session.settings().legacy().location());
            }
            invocation.print(UninstallReport.of(true, List.of(), uninstall.run()), UninstallText::print);
        }
        return ExitCode.DONE.number();
    }

    private void ask(String location) {
        @Nullable Console console = System.console();
        if (console == null || !invocation.shell().streams().errIsTerminal()) {
            throw new InvalidInputException(
                    "Dropping the schema crossfade has to be confirmed, and there is no terminal to ask on. Look at `crossfade uninstall --dry-run`, and add --yes.");
        }
        @Nullable String answer = console.readLine("Drop the schema crossfade at %s? Type yes: ", location);
        if (answer == null || !answer.strip().equalsIgnoreCase("yes")) {
            throw new RefusedException("It was not confirmed. Nothing was dropped.");
        }
    }
}
