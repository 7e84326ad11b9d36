package dev.crossfade.routing;

import java.time.Duration;

/**
 * How the routing layer behaves.
 *
 * @param mirrorBudget the longest that a caller waits for the mirror, at least 1 ms
 * @param flipPatience the longest that a writer waits for the authority to arrive at the other side
 * @param modernWrite false makes this instance leave intents instead of writing the modern mirror itself
 * @param shadowPerMille how many of a thousand reads are compared in {@code SHADOW_READ}
 */
public record RoutingSettings(Duration mirrorBudget, Duration flipPatience, boolean modernWrite, int shadowPerMille) {

    /** What is used where nothing is set. */
    public static final RoutingSettings DEFAULTS =
            new RoutingSettings(Duration.ofMillis(100), Duration.ofSeconds(30), true, 50);

    /** Refuses settings that make no sense. */
    public RoutingSettings {
        if (mirrorBudget.toMillis() < 1) {
            throw new IllegalArgumentException("The mirror budget must be at least 1 ms, not " + mirrorBudget + ".");
        }
        if (shadowPerMille < 0 || shadowPerMille > 1000) {
            throw new IllegalArgumentException("The shadow sample must be from 0 to 1000, not " + shadowPerMille + ".");
        }
    }

    /** Returns these settings with another mirror budget. */
    public RoutingSettings withMirrorBudget(Duration budget) {
        return new RoutingSettings(budget, flipPatience, modernWrite, shadowPerMille);
    }

    /** Returns these settings with writing of the modern mirror switched on or off. */
    public RoutingSettings withModernWrite(boolean on) {
        return new RoutingSettings(mirrorBudget, flipPatience, on, shadowPerMille);
    }

    /** Returns these settings with another share of compared reads. */
    public RoutingSettings withShadowPerMille(int perMille) {
        return new RoutingSettings(mirrorBudget, flipPatience, modernWrite, perMille);
    }
}
