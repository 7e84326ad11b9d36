package dev.crossfade.benchmarks.harness;

import java.util.function.ToDoubleFunction;

/**
 * One number of a measurement.
 *
 * @param name its name, the last part of the names of rows
 * @param unit its unit
 * @param of reads it from a measurement
 */
public record Metric(String name, String unit, ToDoubleFunction<Measurement> of) {

    private static final double NANOS_PER_MICRO = 1e3;

    /** The median latency of a call; less is better. */
    public static final Metric LATENCY = new Metric("latency", "µs", one -> one.medianNanos() / NANOS_PER_MICRO);

    /** The latency that 99 of 100 calls did not exceed; less is better. */
    public static final Metric P99 = new Metric("p99", "µs", one -> one.p99Nanos() / NANOS_PER_MICRO);

    /** Answered calls per second; more is better. */
    public static final Metric THROUGHPUT = new Metric("throughput", "1/s", Measurement::throughput);

    /** Calls per second until no deferred work is left, a rate that can be kept up for ever; more is better. */
    public static final Metric LEVEL_THROUGHPUT = new Metric("level-throughput", "1/s", Measurement::levelThroughput);

    /**
     * The processor time that a caller's thread spends on a call, without waiting; less is better. The rest of the
     * machine's load hardly changes it, so it shows small differences of client code that latency hides.
     */
    public static final Metric CALLER_CPU = new Metric("caller-cpu", "µs", one -> one.cpuOfCall() / NANOS_PER_MICRO);
}
