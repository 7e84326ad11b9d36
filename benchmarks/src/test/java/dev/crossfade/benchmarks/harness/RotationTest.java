package dev.crossfade.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RotationTest {

    private static final List<String> ALL = List.of("a", "b", "c", "d");

    @Test
    void everyRoundHasEveryVariantOnce() {
        for (int round = 0; round < 10; round++) {
            assertThat(Rotation.of(ALL, round)).containsExactlyInAnyOrderElementsOf(ALL);
        }
    }

    @Test
    void overAsManyRoundsAsVariantsEachOneIsFirstOnce() {
        Set<String> first = new HashSet<>();
        for (int round = 0; round < ALL.size(); round++) {
            first.add(Rotation.of(ALL, round).getFirst());
        }
        assertThat(first).containsExactlyInAnyOrderElementsOf(ALL);
    }

    @Test
    void noVariantAlwaysFollowsTheSameOne() {
        Set<String> beforeC = new HashSet<>();
        for (int round = 0; round < 2 * ALL.size(); round++) {
            List<String> order = Rotation.of(ALL, round);
            int place = order.indexOf("c");
            if (place > 0) {
                beforeC.add(order.get(place - 1));
            }
        }
        assertThat(beforeC).containsExactlyInAnyOrder("b", "d");
    }
}
