package dev.crossfade.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.model.Stage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GateMetricsTest {

    private static final Verdict OPEN = new Open("seen", "required");
    private static final Verdict CLOSED = new Closed("seen", "required", "remedy");
    private static final Step FORWARD = step(Stage.DUAL_WRITE, Stage.SHADOW_READ);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GateMetrics metrics = new GateMetrics(new Gauges(meters));

    @Test
    void aGaugeShowsWhatEachGateOfTheStepForwardSaidLast() {
        metrics.gatesChecked(
                FORWARD, Map.of("backfill complete", CLOSED, "stable", OPEN, "restore proven", new NotConcerned()));

        assertThat(gauge("backfill-complete")).isZero();
        assertThat(gauge("stable")).isOne();
        assertThat(gauge("restore-proven")).isNaN();

        metrics.gatesChecked(FORWARD, Map.of("backfill complete", OPEN));
        assertThat(gauge("backfill-complete")).isOne();
        assertThat(meters.find("crossfade.gate.open").gauges()).hasSize(3);
    }

    @Test
    void whatAStepBackIsToldDoesNotShow() {
        metrics.gatesChecked(FORWARD, Map.of("fleet acknowledged", OPEN));
        metrics.gatesChecked(step(Stage.DUAL_WRITE, Stage.LEGACY_ONLY), Map.of("fleet acknowledged", CLOSED));

        assertThat(gauge("fleet-acknowledged")).isOne();
    }

    @Test
    void aSecondInstanceInTheSameRegistryShowsWhatItsOwnGatesSaid() {
        Gauges later = new Gauges(meters);
        metrics.gatesChecked(FORWARD, Map.of("stable", OPEN));
        new GateMetrics(later).gatesChecked(FORWARD, Map.of("stable", CLOSED));

        assertThat(gauge("stable")).isZero();

        metrics.gatesChecked(FORWARD, Map.of("stable", OPEN));
        assertThat(gauge("stable")).isOne();
    }

    private double gauge(String gate) {
        return meters.get("crossfade.gate.open")
                .tag("entity", "user")
                .tag("gate", gate)
                .gauge()
                .value();
    }

    private static Step step(Stage from, Stage to) {
        return new Step("user", new Standing(from, 3), to);
    }
}
