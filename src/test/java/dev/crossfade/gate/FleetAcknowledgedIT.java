package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.EPOCH;
import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FleetAcknowledgedIT {

    @Test
    void everyInstanceThatServesTheEntityMustHaveAppliedItsStage() {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            Fleet fleet = new Fleet(scene.control());
            Gate gate = new FleetAcknowledged(fleet, scene.control());
            Gate.Step forward = step(Stage.DUAL_WRITE, Stage.SHADOW_READ);
            Gate.Step back = step(Stage.DUAL_WRITE, Stage.LEGACY_ONLY);
            assertThat(gate.check(forward)).isEqualTo(open("no live instance serves it"));

            fleet.heartbeat(instance("there"), Map.of("user", EPOCH), Map.of());
            fleet.heartbeat(instance("elsewhere"), Map.of("order", 0L), Map.of());
            assertThat(gate.check(forward)).isEqualTo(open("all 1 live instances have applied stage dual-write"));

            fleet.heartbeat(instance("behind"), Map.of("user", EPOCH - 1), Map.of());
            assertThat(gate.check(forward))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen())
                                    .isEqualTo("1 live instances have not applied stage dual-write yet: behind"));
            assertThat(gate.check(back))
                    .as("two stages apart is as bad going back")
                    .isInstanceOf(Closed.class);
        }
    }

    private static Open open(String seen) {
        return new Open(seen, "every live instance has applied epoch " + EPOCH);
    }

    private static Instance instance(String name) {
        return new Instance(UUID.randomUUID(), name, "1");
    }
}
