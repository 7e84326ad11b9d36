package dev.crossfade.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void everyVariantHasARowAndTheReferenceHasNoRatio() {
        assertThat(comparison().rows())
                .containsExactly(
                        Row.reference("one/save/direct/latency", 20, "µs"),
                        new Row("one/save/dual-write/latency", 30, "µs", "one/save/direct/latency", 1.5));
    }

    @Test
    void anyTwoVariantsCanBeCompared() {
        assertThat(comparison().ratio("direct", "dual-write")).isEqualTo(1 / 1.5);
    }

    @Test
    void aVariantThatTookNoPartIsNamed() {
        assertThatThrownBy(() -> comparison().ratio("by-hand", "direct"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("by-hand");
    }

    @Test
    void aComparisonNeedsTheNumbersOfItsReference() {
        assertThatThrownBy(() -> new Comparison("one/save", "latency", "µs", "direct", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Comparison comparison() {
        Map<String, Samples> samples = new LinkedHashMap<>();
        samples.put("direct", new Samples(List.of(10.0, 20.0, 30.0)));
        samples.put("dual-write", new Samples(List.of(15.0, 30.0, 45.0)));
        return new Comparison("one/save", "latency", "µs", "direct", samples);
    }
}
