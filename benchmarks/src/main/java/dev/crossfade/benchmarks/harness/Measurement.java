package dev.crossfade.benchmarks.harness;

/**
 * What one variant did in one round.
 *
 * @param operations how many calls were answered
 * @param elapsedNanos from the first call to the last answer
 * @param levelNanos from the first call until nothing was left to be done later, at least {@code elapsedNanos}
 * @param medianNanos the median latency of a call
 * @param p99Nanos the latency that 99 of 100 calls stayed within
 * @param cpuNanos processor time that the callers' threads used, all calls together
 */
public record Measurement(
        long operations, long elapsedNanos, long levelNanos, long medianNanos, long p99Nanos, long cpuNanos) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Refuses a slot in which nothing was answered: its ratios would mean nothing. */
    public Measurement {
        if (operations < 1 || elapsedNanos < 1) {
            throw new IllegalArgumentException("No call was answered within the slot. Make it longer.");
        }
    }

    /** Returns answered calls per second. */
    public double throughput() {
        return operations * NANOS_PER_SECOND / elapsedNanos;
    }

    /** Returns calls per second, counting the time until nothing was left to be done later. */
    public double levelThroughput() {
        return operations * NANOS_PER_SECOND / levelNanos;
    }

    /** Returns the callers' processor time for each call, in nanoseconds. */
    public double cpuOfCall() {
        return (double) cpuNanos / operations;
    }
}
