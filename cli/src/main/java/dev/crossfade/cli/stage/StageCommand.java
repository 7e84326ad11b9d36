package dev.crossfade.cli.stage;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.terminal.Terminal;
import dev.crossfade.cli.terminal.Termination;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import dev.crossfade.operate.GateWait;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.StageMove;
import dev.crossfade.operate.StageReader;
import dev.crossfade.operate.report.StageChangeReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the entities' stages and what keeps them there, or moves them. */
@Command(
        name = "stage",
        description = {
            "Without --to: shows where an entity stands, every gate of the next and of the previous step, the live "
                    + "instances, and the history.",
            "With --to: moves the entity one step, forward or back. Several entities move together in one transaction.",
            "The stages: legacy-only, dual-write, shadow-read, modern-read, modern-primary, modern-only.",
            "The step from shadow-read to modern-read moves the reads of as many keys as --ramp says, or the ramp that was set before "
                    + "(`crossfade flags ramp`); otherwise it asks on a terminal, and begins with 0 per cent elsewhere.",
            "With --wait: waits for closed gates that open while others go on, such as a backfill, a deployment or a worker. A gate "
                    + "that only a change opens, for example of the mapping, is refused at once. Exits with 3 if the limit is "
                    + "reached, or on Ctrl-C; nothing was changed then."
        },
        footer = {
            "  crossfade stage user",
            "  crossfade stage user order --to dual-write",
            "  crossfade stage user --to shadow-read --wait",
            "  crossfade stage user --to modern-read --ramp 1 --wait=2h",
            "  crossfade stage user --to modern-primary --force --reason \"verified by hand, ticket 4711\""
        })
public final class StageCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    @Option(names = "--to", paramLabel = "STAGE", description = "The stage to move to.")
    private @Nullable String to;

    @Option(names = "--force", description = "Overrule closed gates. Needs --reason; both are recorded.")
    private boolean force;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the change.")
    private @Nullable String reason;

    @Option(
            names = "--ramp",
            paramLabel = "PERCENT",
            description =
                    "To modern-read: for how many keys the modern side is read from then on, from 0 to 100 in steps of 0.1.")
    private @Nullable String ramp;

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "D",
            preprocessor = WaitOption.class,
            description = "Wait until the gates are open, for a time at most if one is given, for example --wait=30m.")
    private @Nullable String wait;

    public StageCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        requireSense();
        // Read before connecting, because a typing mistake needs no database.
        @Nullable Stage target = to == null ? null : Stage.parse(to);
        Optional<Duration> limit = Optional.ofNullable(wait).map(WaitOption::limit);
        try (OperatorSession session = target == null ? invocation.open("stage") : invocation.openToChange("stage")) {
            session.requireKnown(entities);
            if (target == null) {
                invocation.print(new StageReader(session).read(entities), StageText::print);
                session.leftOut(entities).forEach(invocation::complain);
                session.warnings(entities).forEach(invocation::complain);
            } else {
                if (limit.isPresent()) {
                    // A database that is down now would be down for the whole session.
                    session.databases();
                }
                try {
                    invocation.print(move(session, target, limit), StageChangeText::print);
                } finally {
                    session.warnings(entities).forEach(invocation::complain);
                }
            }
        }
        return ExitCode.DONE.number();
    }

    private void requireSense() {
        if (to == null && (force || reason != null || ramp != null || wait != null)) {
            throw new InvalidInputException(
                    "--force, --reason, --ramp and --wait belong to --to. Name the stage to move to.");
        }
        if (force && wait != null) {
            throw new InvalidInputException(
                    "--force and --wait contradict each other. Wait for the gates, or overrule them.");
        }
    }

    private StageChangeReport move(OperatorSession session, Stage target, Optional<Duration> limit) {
        Author author = new Author(System.getProperty("user.name", "unknown"), reason);
        Map<String, Integer> ramps = RampChoice.of(session.stageChanger(), Terminal.of(invocation.shell()))
                .shares(entities, target, ramp);
        Request request = new Request(entities, target, author, force, ramps);
        StageMove move = new StageMove(session);
        if (limit.isEmpty()) {
            return move.now(request);
        }
        GateWait waiting = new GateWait(session, limit.get(), new WaitProgress(invocation, System::nanoTime));
        try (Termination.Registration termination =
                invocation.shell().termination().calling(waiting::stop)) {
            return move.whenOpen(request, waiting, termination::isRequested);
        }
    }
}
