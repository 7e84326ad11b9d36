package dev.crossfade.cli;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.CaptureState;
import dev.crossfade.capture.LockPatience;
import dev.crossfade.control.Contractions.Contraction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows which capture is installed. */
@Command(
        name = "status",
        description = {
            "Shows which capture is installed, and whether it is as the mapping file asks for.",
            "Exits with 1 if one is not."
        },
        footer = {"  crossfade capture status"})
final class CaptureStatusCommand implements Callable<Integer> {

    private final Invocation invocation;

    CaptureStatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("capture")) {
            List<CaptureState> states = new Capture(session.databases(), LockPatience.DEFAULTS)
                    .states(session.hasMappingFile() ? session.mappings() : List.of());
            invocation.print(CaptureReport.of(states));
            session.leftOut().forEach(invocation::complain);
            Map<String, Contraction> contracted = session.contractions();
            states.stream()
                    .map(CaptureState::entity)
                    .filter(contracted::containsKey)
                    .distinct()
                    .forEach(entity -> invocation.say(
                            "%s Its capture is left over: `crossfade capture remove %s`.",
                            Objects.requireNonNull(contracted.get(entity)).text(), entity));
            boolean whole =
                    states.stream().allMatch(state -> state.isWhole() || contracted.containsKey(state.entity()));
            return (whole ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }
}
