package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.EPOCH;
import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OneMappingIT {

    @Test
    void anInstanceOnAnOlderMappingHoldsUpTheWayForward() {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            Fleet fleet = new Fleet(scene.control());
            Gate gate = new OneMapping(scene.control(), Scene.mappings());
            Gate.Step forward = step(Stage.DUAL_WRITE, Stage.SHADOW_READ);
            assertThat(gate.check(forward)).isInstanceOf(Open.class);

            beat(fleet, "one", "2.0", "b2");
            beat(fleet, "two", "2.0", "b2");
            assertThat(gate.check(forward))
                    .isEqualTo(new Open("mapping b2", "every live instance has the same mapping"));

            beat(fleet, "three", "1.9", "a1");
            assertThat(gate.check(forward))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen())
                                    .isEqualTo("mapping a1 on three 1.9; mapping b2 on one 2.0, two 2.0"));
            assertThat(gate.check(step(Stage.DUAL_WRITE, Stage.LEGACY_ONLY))).isInstanceOf(NotConcerned.class);
        }
    }

    private static void beat(Fleet fleet, String name, String version, String mapping) {
        fleet.heartbeat(new Instance(UUID.randomUUID(), name, version), Map.of("user", EPOCH), Map.of("user", mapping));
    }
}
