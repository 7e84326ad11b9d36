package dev.crossfade.benchmarks.harness;

/**
 * A limit for a number.
 *
 * @param name the requirement, in words
 * @param required the limit
 * @param seen the number
 * @param met whether it is within the limit
 */
public record Goal(String name, double required, double seen, boolean met) {

    /** Creates a goal that is met at or below the limit. */
    public static Goal atMost(String name, double required, double seen) {
        return new Goal(name + ", at most", required, seen, seen <= required);
    }

    /** Creates a goal that is met at or above the limit. */
    public static Goal atLeast(String name, double required, double seen) {
        return new Goal(name + ", at least", required, seen, seen >= required);
    }
}
