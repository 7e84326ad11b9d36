package dev.crossfade.benchmarks.harness;

/**
 * The result of one variant in one round.
 *
 * @param operations how many calls were answered
 * @param elapsedNanos from the first call to the last answer
 * @param levelNanos from the first call until no deferred work was left, at least {@code elapsedNanos}
 * @param medianNanos the median latency of a call
 * @param p99Nanos the latency that 99 of 100 calls did not exceed
 * @param cpuNanos processor time of the callers' threads, for all calls together
 */
public record Measurement(
        long operations, long elapsedNanos, long levelNanos, long medianNanos, long p99Nanos, long cpuNanos) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Refuses a slot without answers, whose ratios would mean nothing. */
    public Measurement {
        if (operations < 1 || elapsedNanos < 1) {
            throw new IllegalArgumentException("No call was answered within the slot. Make it longer.");
        }
    }

    /** Returns answered calls per second. */
    public double throughput() {
        return operations * NANOS_PER_SECOND / elapsedNanos;
    }

    /** Returns calls per second, counting the time until no deferred work was left. */
    public double levelThroughput() {
        return operations * NANOS_PER_SECOND / levelNanos;
    }

    /** Returns the callers' processor time per call, in nanoseconds. */
    public double cpuOfCall() {
        return (double) cpuNanos / operations;
    }
}
