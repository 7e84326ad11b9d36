package dev.crossfade.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.gate.GateSettings.Backlog;
import dev.crossfade.gate.GateSettings.Replicas;
import dev.crossfade.gate.GateSettings.Shadow;
import dev.crossfade.model.InvalidInputException;
import java.time.Duration;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GateSettingsTest {

    private static final Duration NEGATIVE = Duration.ofSeconds(-1);

    @Test
    void whatIsOutOfRangeIsRefusedByName() {
        refuses(() -> new Backlog(-1, -2, NEGATIVE), "gate.intents is -1", "gate.missed.writes is -2", "gate.oldest");
        refuses(
                () -> new Shadow(-1, 100.1, Duration.ZERO),
                "comparisons is -1",
                "percent is 100.1",
                "gate.shadow.window");
        refuses(() -> new Shadow(0, Double.NaN, Duration.ofHours(1)), "percent is NaN; it must be from 0 to 100");
        refuses(
                () -> new Replicas(Set.of(" "), Set.of(""), Duration.ofMinutes(2)),
                "gate.replicas.legacy",
                "gate.replicas.modern",
                "gate.replicas.patience is 120 s; it must be from 0 s to 60 s.");
        refuses(() -> GateSettings.DEFAULTS.withVerificationAge(Duration.ZERO), "gate.verification.age");
        refuses(() -> GateSettings.DEFAULTS.withRestoreRows(0), "gate.restore.rows is 0");
        refuses(() -> GateSettings.DEFAULTS.withRestoreRows(1_000_001), "gate.restore.rows is 1000001");
        refuses(() -> GateSettings.DEFAULTS.withStableFor(NEGATIVE), "gate.stable.for");
    }

    @Test
    void eachLimitIsSetAlone() {
        GateSettings settings = GateSettings.DEFAULTS
                .withBacklog(new Backlog(0, 0, Duration.ZERO))
                .withVerificationAge(Duration.ofHours(1))
                .withShadow(new Shadow(0, 0, Duration.ofMinutes(1)))
                .withReplicas(new Replicas(Set.of("a"), Set.of("b"), Duration.ZERO))
                .withRestoreRows(1)
                .withStableFor(Duration.ofMinutes(10));

        assertThat(settings)
                .isEqualTo(new GateSettings(
                        new Backlog(0, 0, Duration.ZERO),
                        Duration.ofHours(1),
                        new Shadow(0, 0, Duration.ofMinutes(1)),
                        new Replicas(Set.of("a"), Set.of("b"), Duration.ZERO),
                        1,
                        Duration.ofMinutes(10)));
    }

    private static void refuses(ThrowingCallable settings, String... parts) {
        assertThatThrownBy(settings).isInstanceOf(InvalidInputException.class).hasMessageContainingAll(parts);
    }
}
