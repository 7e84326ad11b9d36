package dev.crossfade.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.crossfade.protocol.Explorer.Exploration;
import dev.crossfade.protocol.TogetherModel.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Rows that are accepted only together, in every interleaving of writers and appliers. */
class TogetherModelCheckTest {

    private static final TogetherModel SWAP = new TogetherModel(Shape.UNIQUE_VALUES, List.of(3), 2, 1, Set.of());
    private static final TogetherModel CIRCLE = new TogetherModel(Shape.REFERENCES, List.of(3), 2, 1, Set.of());

    static Stream<TogetherModel> configurations() {
        return Stream.of(SWAP, CIRCLE);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void inNoInterleavingIsARowLostOrShownHalf(TogetherModel model) {
        Exploration found = Explorer.explore(model);

        LoggerFactory.getLogger(TogetherModelCheckTest.class).info("{}: {}", model, found);
        assertThat(found.violation()).as("%s", found).isEmpty();
        assertThat(found.ends()).isPositive();
    }

    static Stream<Arguments> counterexamples() {
        return configurations()
                .flatMap(model -> Stream.of(
                        arguments(model, Rule.APPLIED_TOGETHER, "waits for ever"),
                        arguments(model, Rule.TOGETHER_UNDER_ALL_LOCKS, "is behind"),
                        arguments(model, Rule.TOGETHER_WITH_ALL_INTENTS, "is behind"),
                        arguments(model, Rule.TOGETHER_IN_ONE_COMMIT, "was emptied")));
    }

    @ParameterizedTest(name = "{0}, without {1}: {2}")
    @MethodSource("counterexamples")
    void withoutARuleItIs(TogetherModel model, Rule rule, String what) {
        Exploration found = Explorer.explore(model.without(rule));

        LoggerFactory.getLogger(TogetherModelCheckTest.class).debug("without {}: {}", rule, found);
        assertThat(found.violation()).as("without %s: %s", rule, found).contains(what);
    }
}
