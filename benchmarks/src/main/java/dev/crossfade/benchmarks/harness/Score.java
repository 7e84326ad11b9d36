package dev.crossfade.benchmarks.harness;

import java.util.function.Function;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One number of a JMH pass.
 *
 * @param metric its name, the last part of the names of rows
 * @param of reads it from a pass
 */
public record Score(String metric, Function<RunResult, Result<?>> of) {

    /** The benchmark's own score: the time per operation in average-time mode. */
    public static final Score TIME = new Score("time", RunResult::getPrimaryResult);

    /** Bytes that an operation allocates on all threads together; needs {@link GCProfiler}. */
    public static final Score ALLOCATION = new Score("allocation", pass -> secondary(pass, "gc.alloc.rate.norm"));

    private static Result<?> secondary(RunResult pass, String label) {
        Result<?> result = pass.getSecondaryResults().get(label);
        if (result == null) {
            throw new IllegalStateException("The benchmark has no result '" + label + "', only "
                    + pass.getSecondaryResults().keySet() + ". Is the profiler among its options?");
        }
        return result;
    }
}
