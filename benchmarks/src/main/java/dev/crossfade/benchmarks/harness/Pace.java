package dev.crossfade.benchmarks.harness;

import java.time.Duration;

/**
 * How long a contest takes. Many short rounds rather than few long ones: what disturbs the machine for a moment then
 * falls on neighbours alike, or on a few rounds that the median leaves out.
 *
 * @param warmUpRounds rounds that are run first and dropped
 * @param rounds rounds that count
 * @param slot how long each variant runs in each round
 */
public record Pace(int warmUpRounds, int rounds, Duration slot) {

    /** For numbers to publish. */
    public static final Pace FULL = new Pace(6, 25, Duration.ofMillis(110));

    /** For a look while working. */
    public static final Pace QUICK = new Pace(5, 7, Duration.ofMillis(40));

    /** Refuses a pace without a round. */
    public Pace {
        if (warmUpRounds < 0 || rounds < 1 || !slot.isPositive()) {
            throw new IllegalArgumentException(
                    "A pace needs 0 or more rounds to warm up, 1 or more that count, and a slot longer than 0, not "
                            + warmUpRounds + ", " + rounds + " and " + slot + ".");
        }
    }
}
