package dev.crossfade.cli;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves that both sides are equal. */
@Command(
        name = "verify",
        description = {
            "Compares every legacy row with its modern row, under traffic, and names the records that differ.",
            "Exits with 1 if differences remain."
        },
        footer = {
            "  crossfade verify user",
            "  crossfade verify --all --output json",
            "  crossfade verify user --repair"
        })
final class VerifyCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    @Option(names = "--all", description = "Every entity in the mapping file.")
    private boolean all;

    @Option(
            names = "--repair",
            description = "Bring the mirror of each difference up to date from the authoritative side, and look again.")
    private boolean repair;

    VerifyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (all == !entities.isEmpty()) {
            throw new InvalidInputException("Name entities, or --all%s.".formatted(all ? ", not both" : ""));
        }
        try (OperatorSession session = invocation.open("verify")) {
            List<TableMapping> mappings = all ? session.mappings() : session.mappings(entities);
            List<Verification.Report> found = new ArrayList<>();
            for (TableMapping mapping : mappings) {
                ProgressLine line = new ProgressLine(invocation.shell().streams());
                found.add(new Verification(session.databases(), mapping, narrator(mapping.entity(), line)).run(repair));
                line.end();
            }
            VerifyReport report = VerifyReport.of(found);
            invocation.print(report);
            return (report.differences() == 0 ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }

    private static VerificationListener narrator(String entity, ProgressLine line) {
        return new VerificationListener() {
            @Override
            public void waiting(String waitingEntity, String reason) {
                line.show("%s waits: %s".formatted(waitingEntity, reason));
            }

            @Override
            public void progressed(long rowsDone, long rowsTotal) {
                line.show("%s  %s of %s rows compared (%s)"
                        .formatted(
                                entity,
                                Wording.count(rowsDone),
                                Wording.count(rowsTotal),
                                Wording.share(rowsDone, rowsTotal)));
            }
        };
    }
}
