package dev.crossfade.benchmarks.harness;

/**
 * What a number is meant to be.
 *
 * @param name what is required of what, in words
 * @param required the limit
 * @param seen the number
 * @param met whether it keeps to the limit
 */
public record Goal(String name, double required, double seen, boolean met) {

    /** Makes a goal that is met by the limit and anything below it. */
    public static Goal atMost(String name, double required, double seen) {
        return new Goal(name + ", at most", required, seen, seen <= required);
    }

    /** Makes a goal that is met by the limit and anything above it. */
    public static Goal atLeast(String name, double required, double seen) {
        return new Goal(name + ", at least", required, seen, seen >= required);
    }
}
