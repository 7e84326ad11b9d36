package dev.crossfade.routing;

import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.model.SettingChecks;
import java.time.Duration;

/**
 * How the routing layer behaves.
 *
 * @param mirrorBudget the longest that a caller waits for the mirror, from 1 ms to a day
 * @param flipPatience the longest that a writer waits for a flip of the authority to finish, or for its instance to
 *         rejoin the fleet; at most a day
 * @param modernWrite false makes this instance leave intents instead of writing the modern mirror itself
 * @param mirrorConcurrency how many callers may wait for one entity's mirror, or its modern reads, at the same time
 * @param shadow how reads are compared between the sides
 * @param lossyWrites how saves whose values come back from the legacy side changed are treated
 */
public record RoutingSettings(
        Duration mirrorBudget,
        Duration flipPatience,
        boolean modernWrite,
        int mirrorConcurrency,
        ShadowSettings shadow,
        LossyWriteSettings lossyWrites) {

    /** The defaults. */
    public static final RoutingSettings DEFAULTS = new RoutingSettings(
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            true,
            64,
            ShadowSettings.DEFAULTS,
            LossyWriteSettings.DEFAULTS);

    /**
     * Checks the settings.
     *
     * @throws dev.crossfade.model.InvalidInputException if any of them is invalid
     */
    public RoutingSettings {
        new SettingChecks()
                .within("mirrorBudget", mirrorBudget, Duration.ofMillis(1), Duration.ofDays(1))
                .within("flipPatience", flipPatience, Duration.ZERO, Duration.ofDays(1))
                .atLeast("mirrorConcurrency", mirrorConcurrency, 1)
                .given("shadow", shadow)
                .given("lossyWrites", lossyWrites)
                .refuse();
    }

    /** Returns these settings with another mirror budget. */
    public RoutingSettings withMirrorBudget(Duration budget) {
        return new RoutingSettings(budget, flipPatience, modernWrite, mirrorConcurrency, shadow, lossyWrites);
    }

    /** Returns these settings with another patience with flips and lost heartbeats. */
    public RoutingSettings withFlipPatience(Duration patience) {
        return new RoutingSettings(mirrorBudget, patience, modernWrite, mirrorConcurrency, shadow, lossyWrites);
    }

    /** Returns these settings with writing of the modern mirror switched on or off. */
    public RoutingSettings withModernWrite(boolean on) {
        return new RoutingSettings(mirrorBudget, flipPatience, on, mirrorConcurrency, shadow, lossyWrites);
    }

    /** Returns these settings with another limit on the callers that wait for a mirror. */
    public RoutingSettings withMirrorConcurrency(int callers) {
        return new RoutingSettings(mirrorBudget, flipPatience, modernWrite, callers, shadow, lossyWrites);
    }

    /** Returns these settings with another way of comparing reads. */
    public RoutingSettings withShadow(ShadowSettings settings) {
        return new RoutingSettings(mirrorBudget, flipPatience, modernWrite, mirrorConcurrency, settings, lossyWrites);
    }

    /** Returns these settings with another treatment of saves whose values come back changed. */
    public RoutingSettings withLossyWrites(LossyWriteSettings settings) {
        return new RoutingSettings(mirrorBudget, flipPatience, modernWrite, mirrorConcurrency, shadow, settings);
    }
}
