package dev.crossfade.protocol;

import static dev.crossfade.protocol.GroupModel.back;
import static dev.crossfade.protocol.GroupModel.forward;
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

/** Entities that share transactions, in every interleaving of these with steps of one entity and of both. */
class GroupModelCheckTest {

    private static final Logger LOG = LoggerFactory.getLogger(GroupModelCheckTest.class);

    private static final GroupModel FORWARD =
            new GroupModel(List.of(forward(1), forward(2), forward(3)), 2, 2, 1, Set.of());
    private static final GroupModel BACK =
            new GroupModel(List.of(forward(3), back(1), back(3), forward(3)), 3, 2, 1, Set.of());

    static Stream<GroupModel> configurations() {
        return Stream.of(FORWARD, BACK);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void noTransactionOfBothIsRefusedOrCommittedByHalf(GroupModel model) {
        Exploration found = Explorer.explore(model);

        LOG.info("{}: {}", model, found);
        assertThat(found.violation()).as("%s", found).isEmpty();
        assertThat(found.ends()).isPositive();
    }

    static Stream<Arguments> counterexamples() {
        return configurations()
                .flatMap(model -> Stream.of(
                        arguments(model, Set.of(Rule.MOVES_TOGETHER), "is refused"),
                        arguments(model, Set.of(Rule.TOGETHER_IN_ONE_STEP), "is refused"),
                        arguments(model, Set.of(Rule.TOGETHER_STEP_HOLDS_ALL), "is lost"),
                        arguments(
                                model,
                                Set.of(Rule.MOVES_TOGETHER, Rule.TRANSACTION_HAS_ONE_DATABASE),
                                "half of a transaction")));
    }

    @ParameterizedTest(name = "{0}, without {1}: {2}")
    @MethodSource("counterexamples")
    void withoutARuleItIs(GroupModel model, Set<Rule> rules, String what) {
        Exploration found = Explorer.explore(model.without(rules));

        LOG.debug("without {}: {}", rules, found);
        assertThat(found.violation()).as("without %s: %s", rules, found).contains(what);
    }

    /** With the gate no transaction finds them apart, so none is refused for that. */
    @ParameterizedTest
    @MethodSource("configurations")
    void theGateAloneKeepsTransactionsWhole(GroupModel model) {
        Exploration found = Explorer.explore(model.without(Set.of(Rule.TRANSACTION_HAS_ONE_DATABASE)));

        assertThat(found.violation()).as("%s", found).isEmpty();
    }
}
