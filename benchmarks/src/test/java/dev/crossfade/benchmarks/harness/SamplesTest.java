package dev.crossfade.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void theMedianOfAnOddNumberOfRoundsIsTheOneInTheMiddle() {
        assertThat(of(9, 1, 5).median()).isEqualTo(5);
    }

    @Test
    void theMedianOfAnEvenNumberOfRoundsLiesBetweenTheTwoInTheMiddle() {
        assertThat(of(1, 9, 5, 3).median()).isEqualTo(4);
    }

    @Test
    void oneDisturbedRoundMovesNeitherMedianNorRatio() {
        Samples reference = of(100, 101, 99, 100, 100);
        Samples variant = of(110, 111, 9_000, 110, 110);
        assertThat(variant.median()).isEqualTo(110);
        assertThat(variant.ratioTo(reference)).isCloseTo(1.1, within(0.001));
    }

    @Test
    void aMachineThatSlowsDownHalfwayLeavesTheRatioAsItIs() {
        Samples reference = of(100, 100, 300, 300, 300);
        Samples variant = of(120, 120, 360, 360, 360);
        assertThat(variant.ratioTo(reference)).isCloseTo(1.2, within(0.001));
    }

    @Test
    void roundsOfDifferentNumberAreNotCompared() {
        assertThatThrownBy(() -> of(1, 2).ratioTo(of(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 and 1");
    }

    @Test
    void noRoundsMakeNoSamples() {
        assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Samples of(double... values) {
        return new Samples(Arrays.stream(values).boxed().toList());
    }
}
