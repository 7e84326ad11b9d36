package dev.crossfade.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class JmhPassesTest {

    private static final Options WITHIN_THIS_JVM = new OptionsBuilder()
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(5))
            .build();

    private final List<String> progress = new ArrayList<>();
    private final JmhPasses passes =
            new JmhPasses(new Context(new Pace(0, 3, Duration.ofMillis(1)), progress::add), WITHIN_THIS_JVM);

    @Test
    void everyPassRunsEveryBenchmarkAndTheFirstOneIsTheReference() throws Exception {
        LinkedHashMap<String, Microbenchmark> benchmarks = new LinkedHashMap<>();
        benchmarks.put("one", Microbenchmark.of(Hashes.class, "one", Map.of()));
        benchmarks.put("two", Microbenchmark.of(Hashes.class, "two", Map.of()));

        Comparison comparison =
                passes.run("hash", benchmarks, List.of(Score.TIME)).getFirst();

        assertThat(comparison.samples().values())
                .allSatisfy(samples -> assertThat(samples.values()).hasSize(3));
        assertThat(comparison.rows())
                .extracting(Row::name, Row::unit, Row::reference)
                .containsExactly(
                        tuple("hash/one/time", "ns/op", null), tuple("hash/two/time", "ns/op", "hash/one/time"));
        assertThat(progress).hasSize(3);
    }

    @Test
    void aBenchmarkThatIsNotThereIsRefused() {
        LinkedHashMap<String, Microbenchmark> benchmarks = new LinkedHashMap<>();
        benchmarks.put("three", Microbenchmark.of(Hashes.class, "three", Map.of()));
        assertThatThrownBy(() -> passes.run("hash", benchmarks, List.of(Score.TIME)))
                .isInstanceOf(RunnerException.class);
    }

    @Test
    void aScoreThatTheBenchmarkDoesNotHaveIsNamedWithThoseItHas() {
        LinkedHashMap<String, Microbenchmark> benchmarks = new LinkedHashMap<>();
        benchmarks.put("one", Microbenchmark.of(Hashes.class, "one", Map.of()));
        assertThatThrownBy(() -> passes.run("hash", benchmarks, List.of(Score.ALLOCATION)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gc.alloc.rate.norm");
    }
}
