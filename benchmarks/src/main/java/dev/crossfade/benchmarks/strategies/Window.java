package dev.crossfade.benchmarks.strategies;

/**
 * A time in a run, in nanoseconds since the load was created.
 *
 * @param name what happened in it
 * @param to its end, exclusive
 */
record Window(String name, long from, long to) {

    boolean contains(long moment) {
        return from <= moment && moment < to;
    }

    /** Returns the time from the start of this window to the end of another. */
    Window upTo(Window last) {
        return new Window(name, from, last.to);
    }

    double millis() {
        return (to - from) / 1e6;
    }
}
