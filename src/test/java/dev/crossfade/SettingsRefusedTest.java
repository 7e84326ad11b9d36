package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.routing.ShadowSettings;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Bad settings are refused alike, and each kind's all at once. */
class SettingsRefusedTest {

    private static final Duration NEGATIVE = Duration.ofSeconds(-1);

    @Test
    @SuppressWarnings("NullAway")
    void whatTheRoutingLayerCannotUse() {
        refused(
                () -> new RoutingSettings(Duration.ZERO, NEGATIVE, true, 0, null, null),
                "mirrorBudget is 0 s; it must be from 1 ms to 1 d.",
                "flipPatience is -1 s; it must be from 0 s to 1 d.",
                "mirrorConcurrency is 0; it must be 1 or more.",
                "shadow is missing",
                "lossyWrites is missing");
        refused(() -> RoutingSettings.DEFAULTS.withFlipPatience(null), "flipPatience is missing");
        refused(() -> RoutingSettings.DEFAULTS.withMirrorBudget(Duration.ofSeconds(Long.MAX_VALUE)), "mirrorBudget");
        refused(() -> new LossyWriteSettings(null, Map.of()), "lossyWrites, where nothing else is said, is missing");
    }

    @Test
    void whatShadowReadsCannotUse() {
        refused(
                () -> ShadowSettings.builder()
                        .sample(Integer.MAX_VALUE)
                        .calibrate(Integer.MAX_VALUE)
                        .waiting(0)
                        .recheckAfter(Duration.ofSeconds(11))
                        .keep(Duration.ZERO, 0)
                        .build(),
                "sample and calibrate is 2147483647 and 2147483647; it must be from 0 to 1000, also together.",
                "waiting is 0; it must be 1 or more.",
                "recheckAfter is 11 s; it must be from 1 ms to 10 s.",
                "keep, its age, is 0 s; it must be 1 s or more.",
                "keep, its number of mismatches, is 0; it must be 1 or more.");
    }

    @Test
    void whatRetriesCannotUse() {
        refused(
                () -> new RetrySettings(0, Duration.ZERO, NEGATIVE, NEGATIVE),
                "retry.attempts is 0; it must be 1 or more.",
                "retry.first.pause is 0 s; it must be 1 ms or more.",
                "retry.longest.pause is -1 s; it must be 1 ms or more.",
                "retry.parent.patience is -1 s; it must be 0 s or more.");
        refused(
                () -> new RetrySettings(1, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO),
                "retry.longest.pause is 1 s; it must be no shorter than retry.first.pause.");
    }

    @Test
    @SuppressWarnings("NullAway")
    void whatAServiceStartsWith() {
        refused(
                () -> Crossfade.builder()
                        .stagePolling(Duration.ZERO)
                        .liveness(Duration.ofMillis(499))
                        .routing(null)
                        .build(),
                "stagePolling is 0 s; it must be 1 ms or more.",
                "liveness is 499 ms; it must be 500 ms or more.",
                "routing is missing",
                "Crossfade needs database(…) for both schemas");
    }

    private static void refused(ThrowingCallable settings, String... problems) {
        assertThatThrownBy(settings).isInstanceOf(InvalidInputException.class).hasMessageContainingAll(problems);
    }
}
