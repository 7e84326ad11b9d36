package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which gates guard which step. */
class GatesIT {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LEGACY_ONLY    | DUAL_WRITE     | mapping valid, fleet acknowledged, one mapping, stable
            DUAL_WRITE     | SHADOW_READ    | mapping valid, fleet acknowledged, one mapping, stable, backfill complete
            SHADOW_READ    | MODERN_READ    | mapping valid, fleet acknowledged, one mapping, stable, backfill complete, backlog within limits, verification clean, shadow reads agree, written as given, replicas caught up
            MODERN_READ    | MODERN_PRIMARY | mapping valid, fleet acknowledged, one mapping, stable, backfill complete, backlog within limits, verification clean, written as given, replicas caught up, restore proven
            MODERN_PRIMARY | MODERN_ONLY    | mapping valid, fleet acknowledged, one mapping, stable, backlog within limits
            MODERN_ONLY    | MODERN_PRIMARY | fleet acknowledged
            MODERN_PRIMARY | MODERN_READ    | fleet acknowledged, backlog within limits, replicas caught up, way back lossless
            MODERN_READ    | SHADOW_READ    | fleet acknowledged
            SHADOW_READ    | DUAL_WRITE     | fleet acknowledged
            DUAL_WRITE     | LEGACY_ONLY    | fleet acknowledged
            """)
    void eachStepIsGuardedByTheseGates(Stage from, Stage to, String gates) {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            List<Gate> all = Gates.all(
                    scene.databases(),
                    GateSettings.DEFAULTS.withStableFor(Duration.ofMinutes(1)),
                    () -> List.of(Users.MAPPING));

            assertThat(all)
                    .filteredOn(gate -> !(gate.check(step(from, to)) instanceof NotConcerned))
                    .extracting(Gate::name)
                    .containsExactly(gates.split(", "));
        }
    }

    @Test
    void aServiceRequiresWhatItWasToldAndMeasuresWhatTheGatesSaid() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start(service ->
                    service.meterRegistry(meters).gates(GateSettings.DEFAULTS.withStableFor(Duration.ofHours(1))));
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);

            assertThatThrownBy(() -> crossfade
                            .stages()
                            .change(new Request(List.of("user"), Stage.SHADOW_READ, new Author("ada", null), false)))
                    .hasMessageContaining("Gate 'stable' is closed for user")
                    .hasMessageContaining("required: at least 1 h at dual-write");
            assertThat(open(meters, "stable")).isZero();
            assertThat(open(meters, "mapping-valid")).isOne();
            assertThat(open(meters, "restore-proven")).isNaN();
            crossfade.close();
            assertThat(meters.find("crossfade.gate.open").gauges()).isEmpty();
        }
    }

    private static double open(SimpleMeterRegistry meters, String gate) {
        return meters.get("crossfade.gate.open")
                .tag("entity", "user")
                .tag("gate", gate)
                .gauge()
                .value();
    }
}
