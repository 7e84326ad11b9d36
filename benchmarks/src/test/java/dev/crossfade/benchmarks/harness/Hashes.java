package dev.crossfade.benchmarks.harness;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Two JMH benchmarks for {@link JmhPassesTest}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Hashes {

    @Benchmark
    public int one() {
        return Objects.hash("one");
    }

    @Benchmark
    public int two() {
        return Objects.hash("one", "two");
    }
}
