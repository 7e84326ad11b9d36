package dev.crossfade.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.crossfade.protocol.Explorer.Exploration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A migration that drops the legacy side, in every interleaving with steps back, writes and a crash. */
class ContractionModelCheckTest {

    private static final Logger LOG = LoggerFactory.getLogger(ContractionModelCheckTest.class);

    private static final ContractionModel ONE_TRANSACTION = new ContractionModel(true, false, false, 2, 1, Set.of());
    private static final ContractionModel BY_STATEMENT = new ContractionModel(false, false, false, 2, 1, Set.of());
    private static final ContractionModel REVERTED = new ContractionModel(true, true, false, 2, 1, Set.of());
    private static final ContractionModel MISSED = new ContractionModel(true, false, true, 1, 1, Set.of());

    static Stream<ContractionModel> configurations() {
        return Stream.of(ONE_TRANSACTION, BY_STATEMENT, REVERTED, MISSED);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void noStageIsLeftWithoutTheSideThatItNeeds(ContractionModel model) {
        Exploration found = Explorer.explore(model);

        LOG.info("{}: {}", model, found);
        assertThat(found.violation()).as("%s", found).isEmpty();
        assertThat(found.ends()).isPositive();
    }

    static Stream<Arguments> counterexamples() {
        String without = "without a legacy side";
        return Stream.of(
                arguments(ONE_TRANSACTION, Rule.CONTRACTION_RECORDED_WITH_THE_DDL, without),
                arguments(BY_STATEMENT, Rule.CONTRACTION_RECORDED_BEFORE_THE_DDL, without),
                arguments(ONE_TRANSACTION, Rule.CONTRACTION_HOLDS_THE_STAGE, without),
                arguments(BY_STATEMENT, Rule.CONTRACTION_HOLDS_THE_STAGE, without),
                arguments(ONE_TRANSACTION, Rule.STEPS_LOOK_FOR_A_CONTRACTION, without),
                arguments(BY_STATEMENT, Rule.STEPS_LOOK_FOR_A_CONTRACTION, without),
                arguments(MISSED, Rule.CONTRACTION_OVER_NO_MISSED_WRITE, "missed write was taken away"),
                arguments(REVERTED, Rule.CONTRACTION_FORGOTTEN_WITH_THE_REVERT, without),
                arguments(REVERTED, Rule.EVIDENCE_BEGINS_WITH_THE_MIRROR, "an acknowledged write is lost"));
    }

    @ParameterizedTest(name = "{0}, without {1}: {2}")
    @MethodSource("counterexamples")
    void withoutARuleItIs(ContractionModel model, Rule rule, String what) {
        Exploration found = Explorer.explore(model.without(rule));

        LOG.debug("without {}: {}", rule, found);
        assertThat(found.violation()).as("without %s: %s", rule, found).contains(what);
    }
}
