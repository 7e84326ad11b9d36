package dev.crossfade.cli.rows;

import dev.crossfade.cli.invocation.EachEntity;
import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.terminal.ProgressLine;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.VerifyReport;
import dev.crossfade.verify.RepairMode;
import dev.crossfade.verify.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves that both sides are equal. */
@Command(
        name = "verify",
        description = {
            "Compares every legacy row with its modern row, under traffic, and names the records that differ.",
            "A repair that would delete or overwrite more than 100 rows of the mirror, and more than 1 %% of them, is not made "
                    + "until --allow-rows agrees to it.",
            "Exits with 1 if differences remain, with 3 if a repair was not made for that reason."
        },
        footer = {
            "  crossfade verify user",
            "  crossfade verify --all --output json",
            "  crossfade verify user --dry-run",
            "  crossfade verify user --repair",
            "  crossfade verify user --repair --allow-rows 5000"
        })
public final class VerifyCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    @Option(names = "--all", description = "Every entity in the mapping file.")
    private boolean all;

    @Option(
            names = "--repair",
            description = "Bring the mirror of each difference up to date from the authoritative side, and look again.")
    private boolean repair;

    @Option(names = "--dry-run", description = "Say what --repair would do to the mirror, and do nothing.")
    private boolean dryRun;

    @Option(
            names = "--allow-rows",
            paramLabel = "N",
            description = "How many rows of the mirror --repair may delete or overwrite.")
    private @Nullable Long allowRows;

    public VerifyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (all == !entities.isEmpty()) {
            throw new InvalidInputException("Name entities, or --all%s.".formatted(all ? ", not both" : ""));
        }
        RepairMode mode = mode();
        try (OperatorSession session = invocation.openToChange("verify")) {
            EachEntity each = new EachEntity(invocation, all ? session.all() : session.mappings(entities));
            List<Verification.Report> found = new ArrayList<>();
            each.run(mapping -> {
                ProgressLine line = new ProgressLine(invocation.shell().streams());
                try {
                    found.add(new Verification(
                                    session.databases(),
                                    mapping,
                                    session.mappings(),
                                    new ComparisonProgress(mapping.entity(), line))
                            .run(mode));
                } finally {
                    line.end();
                }
            });
            VerifyReport report = VerifyReport.of(found, dryRun);
            invocation.print(report, VerifyText::print);
            return each.exit(exitCode(report)).number();
        }
    }

    private RepairMode mode() {
        if (dryRun && repair) {
            throw new InvalidInputException("--dry-run and --repair contradict each other. Name one of them.");
        }
        if (allowRows != null && !repair) {
            throw new InvalidInputException("--allow-rows belongs to --repair.");
        }
        if (allowRows != null) {
            return new RepairMode.AtMost(allowRows);
        }
        return repair ? new RepairMode.Usual() : dryRun ? new RepairMode.DryRun() : new RepairMode.None();
    }

    private ExitCode exitCode(VerifyReport report) {
        boolean heldBack = repair && report.verifications().stream().anyMatch(VerifyReport.Entry::isHeldBack);
        return heldBack ? ExitCode.REFUSED : report.differences() == 0 ? ExitCode.DONE : ExitCode.PROBLEM;
    }
}
