package dev.crossfade.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.crossfade.protocol.Explorer.Exploration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows of two entities that refer to each other in a cycle, in every interleaving of a writer, appliers and a flip. */
class CircleModelCheckTest {

    private static final Logger LOG = LoggerFactory.getLogger(CircleModelCheckTest.class);

    private static final List<Integer> NONE = List.of(0, 0);
    private static final List<Integer> CIRCLE = List.of(1, 2);

    private static final List<Integer> APART = List.of(1, 1);

    private static final CircleModel ONE = new CircleModel(true, CIRCLE, NONE, 1, 2, false, 1, Set.of());
    private static final CircleModel ONE_GONE = new CircleModel(true, NONE, CIRCLE, 1, 2, false, 1, Set.of());
    private static final CircleModel ONE_APART = new CircleModel(true, APART, NONE, 1, 2, false, 1, Set.of());
    private static final CircleModel TWO = new CircleModel(false, CIRCLE, NONE, 1, 2, false, 1, Set.of());
    private static final CircleModel TWO_GONE = new CircleModel(false, NONE, CIRCLE, 1, 2, false, 1, Set.of());
    private static final CircleModel MOVING = new CircleModel(false, APART, NONE, 1, 2, true, 1, Set.of());

    static Stream<CircleModel> configurations() {
        return Stream.of(ONE, ONE_GONE, ONE_APART, TWO, TWO_GONE, MOVING);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void inNoInterleavingIsARowLostOrShownWithoutWhatItRefersTo(CircleModel model) {
        Exploration found = Explorer.explore(model);

        LOG.info("{}: {}", model, found);
        assertThat(found.violation()).as("%s", found).isEmpty();
        assertThat(found.ends()).isPositive();
    }

    static Stream<Arguments> counterexamples() {
        return Stream.of(
                arguments(ONE_APART, Set.of(Rule.APPLIED_TOGETHER), "waits for ever"),
                arguments(MOVING, Set.of(Rule.APPLIED_TOGETHER), "waits for ever"),
                arguments(ONE, Set.of(Rule.TOGETHER_UNDER_ALL_LOCKS, Rule.CIRCLE_APPLIES_AS_EVER), "is behind"),
                arguments(TWO, Set.of(Rule.TOGETHER_UNDER_ALL_LOCKS, Rule.CIRCLE_APPLIES_AS_EVER), "is behind"),
                arguments(ONE, Set.of(Rule.TOGETHER_NEEDS_EVERY_INTENT), "without what it refers to"),
                arguments(TWO, Set.of(Rule.TOGETHER_NEEDS_EVERY_INTENT), "without what it refers to"),
                arguments(TWO, Set.of(Rule.TOGETHER_WITH_ALL_INTENTS), "is behind"),
                arguments(ONE, Set.of(Rule.TOGETHER_IN_ONE_COMMIT), "without what it refers to"),
                arguments(TWO, Set.of(Rule.TOGETHER_IN_ONE_COMMIT), "without what it refers to"),
                arguments(
                        ONE_GONE,
                        Set.of(Rule.CIRCLE_LOOKS_AGAIN_BEFORE_IT_DELETES, Rule.CIRCLE_APPLIES_AS_EVER),
                        "is behind"),
                arguments(MOVING, Set.of(Rule.CIRCLE_HOLDS_EVERY_ENTITY), "is stranded"));
    }

    @ParameterizedTest(name = "{0}, without {1}: {2}")
    @MethodSource("counterexamples")
    void withoutARuleItIs(CircleModel model, Set<Rule> rules, String what) {
        Exploration found = Explorer.explore(model.without(rules));

        LOG.debug("without {}: {}", rules, found);
        assertThat(found.violation()).as("without %s: %s", rules, found).contains(what);
    }

    static Stream<Arguments> substitutes() {
        return Stream.of(
                arguments(ONE_GONE, Rule.CIRCLE_LOOKS_AGAIN_BEFORE_IT_DELETES),
                arguments(ONE_GONE, Rule.CIRCLE_APPLIES_AS_EVER),
                arguments(ONE, Rule.TOGETHER_UNDER_ALL_LOCKS),
                arguments(TWO, Rule.TOGETHER_UNDER_ALL_LOCKS),
                arguments(TWO, Rule.CIRCLE_APPLIES_AS_EVER));
    }

    /** Counterexamples that need two rules to be absent: each of them alone prevents it. */
    @ParameterizedTest(name = "{0}, without {1}")
    @MethodSource("substitutes")
    void oneOfTwoRulesIsEnough(CircleModel model, Rule rule) {
        Exploration found = Explorer.explore(model.without(Set.of(rule)));

        assertThat(found.violation()).as("%s", found).isEmpty();
    }
}
