package dev.crossfade.cli.rows;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.invocation.OperatorOptions;
import dev.crossfade.cli.terminal.ProgressLine;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.RecoverReport;
import dev.crossfade.recover.Decision;
import dev.crossfade.recover.Outcome;
import dev.crossfade.recover.Picture;
import dev.crossfade.recover.Recovery;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the databases disagree about, and carries out the decision which side wins. */
@Command(
        name = "recover",
        description = {
            "Shows why an entity is frozen, what each side has alone, and what each decision would cost; changes no row.",
            "With --winner it carries the decision out and ends the freeze. The stage does not move, and what the service has "
                    + "written since on the side that decides is kept, whoever wins. If it is interrupted, the same command goes on.",
            "A decision that would delete or overwrite more than 100 rows of the side that loses, and more than 1 %% of them, is not "
                    + "carried out until --allow-rows agrees to it.",
            "Exits with 1 while the entity is frozen, with 3 if the decision was not carried out for that reason."
        },
        footer = {
            "  crossfade recover user",
            "  crossfade recover user --winner modern --reason \"db1 was promoted without its last minute\"",
            "  crossfade recover user --winner legacy --reason \"ticket 4711\" --allow-rows 5000",
            "  crossfade recover user --stage dual-write --winner legacy --reason \"the control schema was lost\""
        })
public final class RecoverCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    @Option(
            names = "--winner",
            paramLabel = "SIDE",
            description = "The side whose rows are kept where the sides differ: legacy or modern.")
    private @Nullable Side winner;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why this side; recorded with the decision.")
    private @Nullable String reason;

    @Option(
            names = "--allow-rows",
            paramLabel = "N",
            description = "How many rows of the side that loses may be deleted or overwritten.")
    private @Nullable Long allowRows;

    @Option(
            names = "--leave-unfit",
            description =
                    "End the freeze although rows of the winner do not fit the other side. A later repair takes the word "
                            + "of the side that decides for them.")
    private boolean leaveUnfit;

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "Where the entity stands, if the databases cannot tell any more.")
    private @Nullable String stage;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many keys of each kind of difference to name: ${DEFAULT-VALUE} unless told otherwise.")
    private int limit;

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    public RecoverCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Optional<Stage> named = Optional.ofNullable(stage).map(Stage::parse);
        if (winner == null && (reason != null || allowRows != null || leaveUnfit)) {
            throw new InvalidInputException("--reason, --allow-rows and --leave-unfit belong to --winner.");
        }
        Optional<Decision> decision = Optional.ofNullable(winner)
                .map(side -> new Decision(
                        side,
                        named,
                        new Author(operator.name(), reason),
                        allowRows == null ? OptionalLong.empty() : OptionalLong.of(allowRows),
                        leaveUnfit));
        try (OperatorSession session = invocation.openToRecover(decision.isPresent())) {
            ProgressLine line = new ProgressLine(invocation.shell().streams());
            Recovery recovery = new Recovery(
                    session.databases(), session.mappingAsDeclared(entity), new ComparisonProgress(entity, line));
            return decision.map(one -> decide(recovery, one, line)).orElseGet(() -> look(recovery, named, line));
        }
    }

    private int look(Recovery recovery, Optional<Stage> named, ProgressLine line) {
        Picture picture = recovery.look(named);
        line.end();
        invocation.print(RecoverReport.of(picture, limit), RecoverText::print);
        return (picture.isToBeRecovered() ? ExitCode.PROBLEM : ExitCode.DONE).number();
    }

    private int decide(Recovery recovery, Decision decision, ProgressLine line) {
        Outcome outcome = recovery.decide(decision);
        line.end();
        invocation.print(RecoverReport.of(entity, decision, outcome), RecoverText::print);
        return switch (outcome) {
            case Outcome.NothingToRecover nothing -> ExitCode.DONE.number();
            case Outcome.HeldBack heldBack -> ExitCode.REFUSED.number();
            case Outcome.Unfinished unfinished -> ExitCode.PROBLEM.number();
            case Outcome.Recovered recovered ->
                (recovered.unfit().isEmpty() ? ExitCode.DONE : ExitCode.PROBLEM).number();
        };
    }
}
