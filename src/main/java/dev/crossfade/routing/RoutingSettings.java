package dev.crossfade.routing;

import dev.crossfade.lossy.LossyWriteSettings;
import java.time.Duration;

/**
 * How the routing layer behaves.
 *
 * @param mirrorBudget the longest that a caller waits for the mirror, at least 1 ms
 * @param flipPatience the longest that a writer waits for the authority to arrive at the other side, or for its
 *     instance to rejoin the fleet
 * @param modernWrite false makes this instance leave intents instead of writing the modern mirror itself
 * @param mirrorConcurrency how many callers at most may wait for one entity's mirror, or its modern reads, at a moment
 * @param shadow how reads are compared between the sides
 * @param lossyWrites what becomes of saves that the legacy side does not bring back as they were given
 */
public record RoutingSettings(
        Duration mirrorBudget,
        Duration flipPatience,
        boolean modernWrite,
        int mirrorConcurrency,
        ShadowSettings shadow,
        LossyWriteSettings lossyWrites) {

    /** What is used where nothing is set. */
    public static final RoutingSettings DEFAULTS = new RoutingSettings(
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            true,
            64,
            ShadowSettings.DEFAULTS,
            LossyWriteSettings.DEFAULTS);

    /** Refuses settings that make no sense. */
    public RoutingSettings {
        if (mirrorBudget.toMillis() < 1) {
            throw new IllegalArgumentException("The mirror budget must be at least 1 ms, not " + mirrorBudget + ".");
        }
        if (mirrorConcurrency < 1) {
            throw new IllegalArgumentException(
                    "The mirror concurrency must be at least 1, not " + mirrorConcurrency + ".");
        }
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

    /** Returns these settings with another bound on the callers that wait for a mirror. */
    public RoutingSettings withMirrorConcurrency(int callers) {
        return new RoutingSettings(mirrorBudget, flipPatience, modernWrite, callers, shadow, lossyWrites);
    }

    /** Returns these settings with another way of comparing reads. */
    public RoutingSettings withShadow(ShadowSettings settings) {
        return new RoutingSettings(mirrorBudget, flipPatience, modernWrite, mirrorConcurrency, settings, lossyWrites);
    }

    /** Returns these settings with another way of treating saves that the legacy side does not bring back. */
    public RoutingSettings withLossyWrites(LossyWriteSettings settings) {
        return new RoutingSettings(mirrorBudget, flipPatience, modernWrite, mirrorConcurrency, shadow, settings);
    }
}
