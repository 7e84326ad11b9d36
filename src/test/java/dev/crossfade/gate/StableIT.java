package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StableIT {

    private static final Step FORWARD = step(Stage.SHADOW_READ, Stage.MODERN_READ);

    @Test
    void theEntityMustHaveStoodAtItsStageForLongEnough() {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            Gate gate = new Stable(scene.control(), Duration.ofMinutes(30));
            assertThat(gate.check(step(Stage.LEGACY_ONLY, Stage.DUAL_WRITE)))
                    .isEqualTo(new Open("it has never moved", "at least 30 min at legacy-only"));

            scene.moved(Stage.DUAL_WRITE, Stage.SHADOW_READ, "31 minutes");
            assertThat(gate.check(FORWARD)).isInstanceOf(Open.class);
            scene.moved(Stage.MODERN_READ, Stage.SHADOW_READ, "29 minutes 30 seconds");
            assertThat(gate.check(FORWARD)).isInstanceOfSatisfying(Closed.class, closed -> {
                assertThat(closed.seen()).startsWith("29 min").endsWith("at shadow-read");
                assertThat(closed.remedy()).startsWith("Wait for another ").endsWith(" s.");
            });
            assertThat(gate.check(step(Stage.SHADOW_READ, Stage.DUAL_WRITE))).isEqualTo(new NotConcerned());
            assertThat(new Stable(scene.control(), Duration.ZERO).check(FORWARD))
                    .isEqualTo(new NotConcerned());
        }
    }
}
