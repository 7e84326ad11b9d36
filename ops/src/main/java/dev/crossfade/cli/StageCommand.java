package dev.crossfade.cli;

import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows where entities stand and what keeps them there, or moves them. */
@Command(
        name = "stage",
        description = {
            "Without --to: shows where an entity stands, every gate of the next and of the previous step, the live "
                    + "instances, and the history.",
            "With --to: moves the entity one step, forward or back. Several entities move together in one transaction.",
            "The stages: legacy-only, dual-write, shadow-read, modern-read, modern-primary, modern-only."
        },
        footer = {
            "  crossfade stage user",
            "  crossfade stage user order --to dual-write",
            "  crossfade stage user --to modern-read --force --reason \"verified by hand, ticket 4711\""
        })
final class StageCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    @Option(names = "--to", paramLabel = "STAGE", description = "The stage to move to.")
    private @Nullable String to;

    @Option(names = "--force", description = "Overrule closed gates. Needs --reason; both are recorded.")
    private boolean force;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with the change.")
    private @Nullable String reason;

    StageCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (to == null && (force || reason != null)) {
            throw new InvalidInputException("--force and --reason belong to --to. Name the stage to move to.");
        }
        // Read before connecting: a typing mistake needs no database.
        @Nullable Stage target = to == null ? null : Stage.parse(to);
        try (OperatorSession session = target == null ? invocation.open("stage") : invocation.openToChange("stage")) {
            session.requireKnown(entities);
            if (target == null) {
                invocation.print(new StageReader(session).read(entities));
                session.leftOut(entities).forEach(invocation::complain);
            } else {
                invocation.print(move(session.stageChanger(), target));
            }
        }
        return ExitCode.DONE.number();
    }

    private StageChangeReport move(StageChanger changer, Stage target) {
        Author author = new Author(System.getProperty("user.name", "unknown"), reason);
        List<StageChanger.Change> changes = changer.change(new StageChanger.Request(entities, target, author, force));
        return StageChangeReport.of(target, entities, changes);
    }
}
