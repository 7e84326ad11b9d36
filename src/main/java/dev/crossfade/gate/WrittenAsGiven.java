package dev.crossfade.gate;

import dev.crossfade.control.LossyWriteTable;
import dev.crossfade.control.LossyWriteTable.Lately;
import dev.crossfade.flags.Gate;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.util.Optional;
import org.jooq.DSLContext;

/**
 * Requires that no recent save has lost a value by the present mapping: the legacy side gives back what a service
 * writes. Values that are equal and only spelled differently do not count.
 */
final class WrittenAsGiven implements Gate {

    private final DSLContext control;
    private final Mappings mappings;
    private final Duration window;

    /**
     * Creates the gate.
     *
     * @param window how far back saves count
     */
    WrittenAsGiven(DSLContext control, Mappings mappings, Duration window) {
        this.control = control;
        this.mappings = mappings;
        this.window = window;
    }

    @Override
    public String name() {
        return "written as given";
    }

    @Override
    public Verdict check(Step step) {
        if (!step.isFromTo(Stage.SHADOW_READ, Stage.MODERN_READ)
                && !step.isFromTo(Stage.MODERN_READ, Stage.MODERN_PRIMARY)) {
            return new NotConcerned();
        }
        String required =
                "no save within %s whose values the legacy side has changed".formatted(DurationText.of(window));
        Optional<String> fingerprint = mappings.find(step.entity()).map(TableMapping::fingerprint);
        Lately lately = LossyWriteTable.lately(control, step.entity(), fingerprint, window);
        if (lately.keys() == 0) {
            return new Open("0 keys were saved with a loss", required);
        }
        return new Closed(
                "%s keys were saved with a loss, the last at %s".formatted(lately.keys(), lately.last()),
                required,
                "See `crossfade lossy %s` for keys and columns. Correct the mapping, or what the service writes; then `crossfade lossy %s --forget`."
                        .formatted(step.entity(), step.entity()));
    }
}
