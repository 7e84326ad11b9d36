package dev.crossfade.cli.stage;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.EntityFlags;
import dev.crossfade.operate.OperatorSession;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists the flags. */
@Command(
        name = "flags",
        description = {
            "Lists the flags of all entities. Each flag is on in its stage and all later ones; `crossfade stage` moves them.",
        },
        footer = {"  crossfade flags", "  crossfade flags ramp user 12.5"})
public final class FlagsCommand implements Callable<Integer> {

    private final Invocation invocation;

    public FlagsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("flags")) {
            invocation.print(new EntityFlags(session).read(), FlagsText::print);
        }
        return ExitCode.DONE.number();
    }
}
