package dev.crossfade.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Trials.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class TrialsTest {

    private final List<String> progress = new ArrayList<>();
    private final List<String> turns = new ArrayList<>();

    @Test
    void wholeRunsTakeTurnsAndWarmUpRoundsAreDropped() throws Exception {
        SequencedMap<String, Trial> variants = new LinkedHashMap<>();
        variants.put("plain", numbered("plain", 1, 2, 3));
        variants.put("throttled", numbered("throttled", 10, 20, 30));

        Map<String, Samples> samples = new Trials(1, 2, progress::add).run("backfill", variants);

        assertThat(turns).containsExactly("plain", "throttled", "throttled", "plain", "plain", "throttled");
        assertThat(samples)
                .containsExactly(
                        Map.entry("plain", new Samples(List.of(2.0, 3.0))),
                        Map.entry("throttled", new Samples(List.of(20.0, 30.0))));
        assertThat(progress).hasSize(3).first().isEqualTo("backfill, round 1 of 3 …");
    }

    private Trial numbered(String name, double... values) {
        Iterator<Double> next = Arrays.stream(values).iterator();
        return () -> {
            turns.add(name);
            return next.next();
        };
    }
}
