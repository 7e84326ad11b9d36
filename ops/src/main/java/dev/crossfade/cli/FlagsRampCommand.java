package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.model.Stage;
import java.util.List;
import java.util.concurrent.Callable;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.util.NamedFeature;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sets how many keys are read from the modern side. */
@Command(
        name = "ramp",
        description = {
            "Sets how many keys of an entity are read from the modern side in modern-read, in per cent.",
            "The same keys are chosen on every instance, and a higher share keeps those of a lower one."
        },
        footer = {"  crossfade flags ramp user 1", "  crossfade flags ramp user 12.5", "  crossfade flags ramp user 0"})
final class FlagsRampCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    @Parameters(index = "1", paramLabel = "PERCENT", description = "From 0 to 100, in steps of 0.1.")
    private String percent = "";

    FlagsRampCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * What was set.
     *
     * @param percent share of the keys that are read from the modern side
     * @param inForce whether the entity stands where the ramp counts
     */
    record RampReport(String entity, String percent, String stage, boolean inForce) implements Report {

        @Override
        public void print(Page page) {
            page.line("%s: %s%% of the keys are read from the modern side in modern-read.", entity, percent);
            if (!inForce) {
                page.line(page.paint(
                        "%s stands at %s, where the ramp does not count.".formatted(entity, stage), Tone.WARNING));
            }
        }
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("flags")) {
            session.requireKnown(List.of(entity));
            Stage stage = session.stageChanger().standing(entity).stage();
            NamedFeature flag = new NamedFeature(entity + "." + Stage.MODERN_READ.label());
            StateRepository store = FlagsCommand.repository(session);
            FeatureState before = store.getFeatureState(flag);
            FeatureState after = before == null ? new FeatureState(flag) : before.copy();
            // As it is on in the entity's stage: then setting it moves nothing but the ramp.
            after.setEnabled(stage.compareTo(Stage.MODERN_READ) >= 0);
            after.setParameter(FlagsCommand.RAMP, percent.strip());
            store.setFeatureState(after);
            invocation.print(new RampReport(entity, percent.strip(), stage.label(), stage == Stage.MODERN_READ));
        }
        return ExitCode.DONE.number();
    }
}
