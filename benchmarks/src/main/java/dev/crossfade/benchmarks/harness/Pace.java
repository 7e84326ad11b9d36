package dev.crossfade.benchmarks.harness;

import java.time.Duration;

/**
 * How long a contest takes. It has many short rounds instead of few long ones: a short disturbance of the machine then
 * affects neighbours alike, or only a few rounds, which the median leaves out.
 *
 * @param warmUpRounds rounds that are run first and dropped
 * @param rounds rounds that count
 * @param slot how long each variant runs in each round
 */
public record Pace(int warmUpRounds, int rounds, Duration slot) {

    /** For published numbers. */
    public static final Pace FULL = new Pace(6, 25, Duration.ofMillis(110));

    /** For a quick look during development. */
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
