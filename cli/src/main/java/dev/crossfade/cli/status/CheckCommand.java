package dev.crossfade.cli.status;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.mappingfile.MappingFile;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.OperatorSession.Access;
import dev.crossfade.operate.report.CheckReport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows everything that is wrong or doubtful in the mapping file and in the tables behind it. */
@Command(
        name = "check",
        description = {
            "Holds the mapping file against the live tables, and tries what the databases do to a row: sample rows and rows of "
                    + "extreme values are written to either side as the mapping writes them, read back, compared and undone.",
            "Shows errors and warnings, each with a remedy. Nothing is left in the tables; Crossfade need not be installed.",
            "Exits with 1 if there are errors; warnings alone are no reason."
        },
        footer = {"  crossfade check", "  crossfade check user order", "  crossfade check --output json"})
public final class CheckCommand implements Callable<Integer> {

    private static final int CONNECTIONS = 4;

    private final Invocation invocation;

    @Parameters(arity = "0..*", paramLabel = "ENTITY", description = "The entities; all of them if none is named.")
    private List<String> entities = List.of();

    public CheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("check", CONNECTIONS, Access.CHECK)) {
            Set<String> contracted = session.contractions().keySet();
            CheckReport report = CheckReport.of(
                    MappingFile.inspectAndTry(session.settings().mapping(), session.databases(), contracted),
                    entities,
                    contracted);
            invocation.print(report, CheckText::print);
            return (report.errors() == 0 ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }
}
