package dev.crossfade.protocol;

import static dev.crossfade.model.Stage.MODERN_ONLY;
import static dev.crossfade.model.Stage.MODERN_PRIMARY;
import static dev.crossfade.model.Stage.MODERN_READ;
import static dev.crossfade.model.Stage.SHADOW_READ;
import static dev.crossfade.protocol.FlipScenarios.CONTROL;
import static dev.crossfade.protocol.FlipScenarios.MODERN;
import static dev.crossfade.protocol.FlipScenarios.ONE;
import static dev.crossfade.protocol.FlipScenarios.ONE_BACK;
import static dev.crossfade.protocol.FlipScenarios.TWO;
import static dev.crossfade.protocol.FlipScenarios.TWO_BACK;
import static dev.crossfade.protocol.FlipScenarios.TWO_STARTING;
import static dev.crossfade.protocol.FlipScenarios.TWO_STARTING_BESIDE_ONE_WHO_KNOWS;
import static dev.crossfade.protocol.FlipScenarios.TWO_WITHOUT_THE_RECORD;
import static dev.crossfade.protocol.FlipScenarios.bypassed;
import static dev.crossfade.protocol.FlipScenarios.deployed;
import static dev.crossfade.protocol.FlipScenarios.lossy;
import static dev.crossfade.protocol.FlipScenarios.missing;
import static dev.crossfade.protocol.FlipScenarios.one;
import static dev.crossfade.protocol.FlipScenarios.refilling;
import static dev.crossfade.protocol.FlipScenarios.restored;
import static dev.crossfade.protocol.FlipScenarios.sinceShadowRead;
import static dev.crossfade.protocol.FlipScenarios.two;
import static dev.crossfade.protocol.FlipScenarios.withoutMirror;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.crossfade.model.Side;
import dev.crossfade.protocol.Explorer.Exploration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Invariants 2, 3 and 6 while flips run, in every interleaving of small configurations: no acknowledged write is
 * missing on the side that decides, no mirror is stale without a durable record, and no side is written without its
 * mirror. Once a database has gone back in time, nothing destroys the last copy of an acknowledged write.
 *
 * <p>{@code -Dcrossfade.model.mishaps=1} allows one more crash or lost session, {@code -Dcrossfade.model.writes=1}
 * adds a writer. The shortest path to each violation is logged at the level debug.
 */
class FlipModelCheckTest {

    private static final int MORE_WRITES = Integer.getInteger("crossfade.model.writes", 0);
    private static final int MORE_MISHAPS = Integer.getInteger("crossfade.model.mishaps", 0);

    @ParameterizedTest
    @MethodSource("dev.crossfade.protocol.FlipScenarios#configurations")
    void noFlipLosesAWrite(FlipScenario scenario) {
        FlipScenario larger = scenario.mishaps(scenario.mishaps() + MORE_MISHAPS);

        Exploration found = explore(MORE_WRITES == 0 ? larger : larger.writer(12));

        LoggerFactory.getLogger(FlipModelCheckTest.class).info("{}", found);
        assertThat(found.violation()).as("%s", found).isEmpty();
        assertThat(found.ends()).isPositive();
    }

    static Stream<Arguments> counterexamples() {
        return Stream.of(
                        counterexamplesOfFlips(),
                        counterexamplesOfAppliers(),
                        counterexamplesOfSteps(),
                        counterexamplesOfEvidence(),
                        counterexamplesOfGoingBack(),
                        counterexamplesOfStarts())
                .flatMap(some -> some);
    }

    private static Stream<Arguments> counterexamplesOfFlips() {
        FlipScenario one = ONE.writer(1, 2).applier().moving(MODERN_PRIMARY);
        FlipScenario two = TWO.writer(1, 2).applier().moving(MODERN_PRIMARY);
        FlipScenario back = TWO_BACK.writer(1).applier().moving(MODERN_READ).mishaps(1);
        String lost = "an acknowledged write is lost";
        return Stream.of(
                without(lost, "writer 1 commits", one, Rule.WRITERS_HOLD_THE_AUTHORITY),
                without(lost, "writer 1 commits", two, Rule.WRITERS_HOLD_THE_AUTHORITY),
                without(lost, "begins to lock the authority", one, Rule.EPOCH_PROVEN_AFTER_THE_LOCK),
                without(lost, "begins to lock the authority", two, Rule.EPOCH_PROVEN_AFTER_THE_LOCK),
                without(lost, "finds the backlog drained", one, Rule.NO_FLIP_OVER_AN_INTENT),
                without(lost, "finds the backlog drained", two, Rule.NO_FLIP_OVER_AN_INTENT),
                without(
                        lost,
                        "records the missed write",
                        missing(ONE, MODERN_PRIMARY),
                        Rule.NO_FLIP_OVER_A_MISSED_WRITE),
                without(
                        lost,
                        "records the missed write",
                        missing(TWO, MODERN_PRIMARY),
                        Rule.NO_FLIP_OVER_A_MISSED_WRITE),
                without("nothing notes", "discards", missing(ONE, MODERN_PRIMARY), Rule.NO_FLIP_OVER_A_DISCARD),
                without("nothing notes", "discards", missing(TWO, MODERN_PRIMARY), Rule.NO_FLIP_OVER_A_DISCARD),
                without(
                        lost,
                        "records modern-primary",
                        sinceShadowRead(one(SHADOW_READ)),
                        Rule.FLIP_LOOKS_FOR_STRANGERS),
                without(
                        lost,
                        "records modern-primary",
                        sinceShadowRead(two(SHADOW_READ)),
                        Rule.FLIP_LOOKS_FOR_STRANGERS),
                without(
                        lost,
                        "notes an intent",
                        bypassed(ONE, Side.LEGACY, MODERN_PRIMARY),
                        Rule.CAPTURE_HOLDS_THE_AUTHORITY),
                without(
                        lost,
                        "notes an intent",
                        bypassed(TWO, Side.LEGACY, MODERN_PRIMARY),
                        Rule.CAPTURE_HOLDS_THE_AUTHORITY),
                without(
                        "behind",
                        "notes nothing",
                        bypassed(ONE, Side.MODERN, MODERN_PRIMARY),
                        Rule.CAPTURE_LOOKS_AGAIN_UNDER_THE_LOCK),
                without(
                        "behind",
                        "notes nothing",
                        bypassed(TWO_BACK, Side.LEGACY, MODERN_READ),
                        Rule.CAPTURE_LOOKS_AGAIN_UNDER_THE_LOCK),
                without(
                        "behind",
                        "notes nothing",
                        bypassed(ONE_BACK, Side.LEGACY, MODERN_READ),
                        Rule.FLIP_HOLDS_BOTH_AUTHORITIES),
                without(
                        "behind",
                        "notes nothing",
                        bypassed(TWO, Side.MODERN, MODERN_PRIMARY),
                        Rule.FLIP_HOLDS_BOTH_AUTHORITIES),
                without(
                        "legacy cannot give back",
                        "records modern-read",
                        lossy(ONE_BACK),
                        Rule.NO_FLIP_BACK_OVER_A_LOSSY_KEY),
                without(
                        "legacy cannot give back",
                        "records modern-read",
                        lossy(TWO_BACK),
                        Rule.NO_FLIP_BACK_OVER_A_LOSSY_KEY),
                without(lost, "records modern-read", back, Rule.FENCED_BEFORE_IT_IS_RECORDED));
    }

    private static Stream<Arguments> counterexamplesOfAppliers() {
        FlipScenario one = ONE.writer(1).applier().repair(1).moving(MODERN_PRIMARY);
        FlipScenario two = TWO.writer(1).applier().repair(1).moving(MODERN_PRIMARY);
        String lost = "an acknowledged write is lost";
        return Stream.of(
                without(
                        lost,
                        "the repair commits",
                        one,
                        Rule.APPENDER_HOLDS_THE_AUTHORITY,
                        Rule.APPLIER_PROVES_THE_DIRECTION),
                without("stranded", "the repair commits", two, Rule.APPENDER_HOLDS_THE_AUTHORITY),
                without("stranded", "appends an intent on the legacy side", two, Rule.APPENDER_PROVES_THE_DIRECTION),
                without(lost, "the backfill inserts", refilling(ONE), Rule.APPLIER_PROVES_THE_DIRECTION),
                without(lost, "the backfill inserts", refilling(TWO), Rule.APPLIER_PROVES_THE_DIRECTION),
                without(
                        "without a mirror",
                        "the applier writes the legacy row",
                        withoutMirror(ONE_BACK),
                        Rule.APPLIER_PROVES_THE_DIRECTION),
                without(
                        "without a mirror",
                        "the applier writes the legacy row",
                        withoutMirror(TWO_BACK),
                        Rule.APPLIER_PROVES_THE_DIRECTION),
                without(lost, "the backfill inserts", refilling(ONE), Rule.APPLIER_HOLDS_ITS_LOCK_TO_THE_END),
                without(lost, "the backfill inserts", refilling(TWO), Rule.APPLIER_HOLDS_ITS_LOCK_TO_THE_END),
                without(
                        "without a mirror",
                        "records modern-only",
                        withoutMirror(ONE_BACK),
                        Rule.APPLIER_HOLDS_ITS_LOCK_TO_THE_END),
                without(
                        "without a mirror",
                        "records modern-only",
                        withoutMirror(TWO_BACK),
                        Rule.APPLIER_HOLDS_ITS_LOCK_TO_THE_END),
                without(lost, "does not wait for appliers", refilling(ONE), Rule.STEPS_WAIT_FOR_APPLIERS),
                without(lost, "does not wait for appliers", refilling(TWO), Rule.STEPS_WAIT_FOR_APPLIERS),
                without(
                        "without a mirror",
                        "does not wait for appliers",
                        withoutMirror(TWO_BACK),
                        Rule.STEPS_WAIT_FOR_APPLIERS),
                without(
                        lost,
                        "LOSES ITS SESSION",
                        refilling(TWO),
                        Rule.APPLIER_LOCKS_IN_BOTH_DATABASES,
                        Rule.BACKFILL_PROVES_ITS_LOCKS));
    }

    private static Stream<Arguments> counterexamplesOfSteps() {
        FlipScenario again = TWO_BACK.writer(1).applier().moving(MODERN_ONLY, MODERN_PRIMARY);
        FlipScenario announced = TWO.writer(1).applier().moving(MODERN_PRIMARY).mishaps(1);
        return Stream.of(
                without(
                        "without a mirror",
                        "records modern-only",
                        withoutMirror(ONE_BACK),
                        Rule.STEPS_OF_MODERN_ONLY_HOLD_THE_AUTHORITY),
                without(
                        "a write without a mirror",
                        "records modern-primary",
                        again,
                        Rule.STEPS_OF_MODERN_ONLY_HOLD_THE_AUTHORITY),
                without(
                        "without a mirror",
                        "an instance records it",
                        withoutMirror(TWO_BACK),
                        Rule.COMPLETION_IS_A_STEP_TOO),
                without(
                        "behind",
                        "an instance records it",
                        bypassed(TWO_BACK, Side.LEGACY, MODERN_READ),
                        Rule.COMPLETION_IS_A_STEP_TOO),
                without("frozen although", "announces the step", announced, Rule.DECIDED_IS_TOLD_FROM_ANNOUNCED));
    }

    private static Stream<Arguments> counterexamplesOfEvidence() {
        String rows = "onto rows that another mapping made";
        return Stream.of(
                without(rows, "the verification finds no difference", deployed(ONE), Rule.EVIDENCE_KNOWS_ITS_MAPPING),
                without(rows, "the verification finds no difference", deployed(TWO), Rule.EVIDENCE_KNOWS_ITS_MAPPING),
                without(rows, "the applier writes the modern row", deployed(ONE), Rule.APPLIER_PROVES_ITS_MAPPING),
                without(rows, "the applier writes the modern row", deployed(TWO), Rule.APPLIER_PROVES_ITS_MAPPING),
                without(rows, "an instance with another mapping begins", deployed(ONE), Rule.MAPPING_CHANGE_IS_A_STEP),
                without(rows, "an instance with another mapping begins", deployed(TWO), Rule.MAPPING_CHANGE_IS_A_STEP),
                without("nothing notes", "IS PROMOTED", restored(), Rule.EVIDENCE_KNOWS_ITS_DATABASES));
    }

    private static Stream<Arguments> counterexamplesOfGoingBack() {
        FlipScenario knowing =
                TWO.lateWriter(1, 2).applier().moving(MODERN_PRIMARY).goingBack(CONTROL);
        FlipScenario beginning = TWO.writer(1).applier().moving(MODERN_PRIMARY).goingBack(CONTROL);
        String lost = "an acknowledged write is lost";
        return Stream.of(
                without("out of date", "acts under modern-read", beginning, Rule.FENCES_ARE_COMPARED),
                without(
                        "out of date",
                        "acts under modern-read",
                        knowing,
                        Rule.FENCES_ARE_COMPARED,
                        Rule.EPOCHS_NEVER_GO_BACK),
                without(
                        lost,
                        "IS PROMOTED",
                        TWO.writer(1, 2).applier().goingBack(CONTROL),
                        Rule.APPLIER_PROVES_THE_IDENTITY),
                without(
                        lost,
                        "IS PROMOTED",
                        TWO_BACK.writer(1, 2).applier().goingBack(MODERN),
                        Rule.APPLIER_PROVES_THE_IDENTITY),
                without(
                        "would win over",
                        "IS PROMOTED",
                        TWO.writer(1, 2).applier().goingBack(CONTROL),
                        Rule.MIRROR_KNOWS_WHAT_IT_GOT),
                without(
                        "would win over",
                        "the repair appends an intent",
                        TWO.writer(1).applier().repair(1).goingBack(CONTROL),
                        Rule.APPENDER_PROVES_THE_IDENTITY),
                without(
                        "would win over",
                        "IS PROMOTED",
                        TWO_BACK.writer(1, 2).applier().goingBack(MODERN),
                        Rule.MIRROR_KNOWS_WHAT_IT_GOT),
                without(
                        lost,
                        "finds the fence only announced",
                        TWO_WITHOUT_THE_RECORD,
                        Rule.APPLIER_PROVES_THE_IDENTITY,
                        Rule.DECIDED_BEFORE_THE_FIRST_WRITE),
                without(
                        lost,
                        "the applier proves the direction there",
                        TWO_WITHOUT_THE_RECORD,
                        Rule.APPLIER_PROVES_THE_IDENTITY,
                        Rule.ANNOUNCED_IS_READ_FOR_SHARE));
    }

    private static Stream<Arguments> counterexamplesOfStarts() {
        return Stream.of(
                without("out of date", "starts under modern-read", TWO_STARTING, Rule.START_PROVES_THE_RECORD),
                without(
                        "out of date",
                        "starts under modern-read",
                        TWO_STARTING_BESIDE_ONE_WHO_KNOWS,
                        Rule.START_PROVES_THE_RECORD,
                        Rule.START_ASKS_THE_FLEET));
    }

    @ParameterizedTest(name = "{2}, without {0}: {1}, {3}")
    @MethodSource("counterexamples")
    void withoutARuleAFlipDoesHarm(Set<Rule> rules, String violation, FlipScenario scenario, String step) {
        Exploration found = explore(scenario.without(rules));

        LoggerFactory.getLogger(FlipModelCheckTest.class).debug("without {}: {}", rules, found);
        assertThat(found.violation()).as("without %s: %s", rules, found).contains(violation);
        assertThat(found.trace()).as("%s", found).anyMatch(line -> line.contains(step));
    }

    static Stream<Arguments> substitutes() {
        FlipScenario knowing =
                TWO.lateWriter(1, 2).applier().moving(MODERN_PRIMARY).goingBack(CONTROL);
        FlipScenario one = ONE.writer(1).applier().repair(1).moving(MODERN_PRIMARY);
        return Stream.of(
                arguments(Rule.APPLIER_LOCKS_IN_BOTH_DATABASES, refilling(TWO)),
                arguments(Rule.BACKFILL_PROVES_ITS_LOCKS, refilling(TWO)),
                arguments(Rule.APPENDER_HOLDS_THE_AUTHORITY, one),
                arguments(Rule.APPLIER_PROVES_THE_DIRECTION, one),
                arguments(Rule.FENCES_ARE_COMPARED, knowing),
                arguments(Rule.EPOCHS_NEVER_GO_BACK, knowing),
                arguments(Rule.APPLIER_PROVES_THE_IDENTITY, TWO_WITHOUT_THE_RECORD),
                arguments(Rule.DECIDED_BEFORE_THE_FIRST_WRITE, TWO_WITHOUT_THE_RECORD),
                arguments(Rule.ANNOUNCED_IS_READ_FOR_SHARE, TWO_WITHOUT_THE_RECORD),
                arguments(Rule.START_PROVES_THE_RECORD, TWO_STARTING_BESIDE_ONE_WHO_KNOWS),
                arguments(Rule.START_ASKS_THE_FLEET, TWO_STARTING_BESIDE_ONE_WHO_KNOWS));
    }

    /** Counterexamples that need two rules to be absent: each of them alone prevents it. */
    @ParameterizedTest(name = "without {0}")
    @MethodSource("substitutes")
    void oneOfTwoRulesIsEnough(Rule rule, FlipScenario scenario) {
        Exploration found = explore(scenario.without(Set.of(rule)));

        assertThat(found.violation()).as("%s", found).isEmpty();
    }

    private static Exploration explore(FlipScenario scenario) {
        return Explorer.explore(new FlipModel(scenario));
    }

    private static Arguments without(String violation, String step, FlipScenario scenario, Rule... rules) {
        return arguments(
                EnumSet.copyOf(List.of(rules)),
                violation,
                Named.of(scenario.topology().toString(), scenario),
                step);
    }
}
