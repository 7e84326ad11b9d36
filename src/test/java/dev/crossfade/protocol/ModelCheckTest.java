package dev.crossfade.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.crossfade.protocol.Explorer.Exploration;
import dev.crossfade.testing.Topology;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Invariants 2 and 3 in every interleaving of small configurations: in no state is a key's mirror stale without a
 * durable record that will bring it up to date, whoever was killed, and once no process can move any more, both sides
 * are equal.
 *
 * <p>{@code -Dcrossfade.model.writes=2} adds a writer with that many writes to each configuration, and {@code
 * -Dcrossfade.model.mishaps=1} so many crashes or lost sessions. The shortest path to each lost write is logged at
 * the level debug.
 */
// The scenarios are independent and keep every processor busy.
@Execution(ExecutionMode.CONCURRENT)
class ModelCheckTest {

    private static final int MORE_WRITES = Integer.getInteger("crossfade.model.writes", 0);
    private static final int MORE_MISHAPS = Integer.getInteger("crossfade.model.mishaps", 0);

    private static final Scenario ONE = Scenario.in(Topology.ONE_DATABASE);
    private static final Scenario TWO = Scenario.in(Topology.TWO_DATABASES);
    private static final Scenario ONE_WITH_ALL =
            ONE.writing(Write.SAVE_AT_ONCE, Write.SAVE, Write.UPDATE, Write.DELETE, Write.REPLACE);
    private static final Scenario ONE_WITH_SOME = ONE.writing(Write.SAVE_AT_ONCE, Write.UPDATE, Write.DELETE);
    private static final Scenario ONE_WITH_FEW = ONE.writing(Write.SAVE_AT_ONCE, Write.DELETE);
    private static final Scenario TWO_WITH_ALL = TWO.writing(Write.SAVE, Write.UPDATE, Write.DELETE, Write.REPLACE);
    private static final Scenario TWO_WITH_FEW = TWO.writing(Write.SAVE, Write.DELETE);
    private static final Scenario TWO_UNFIT = TWO.writing(Write.SAVE, Write.SAVE_UNFIT);

    static Stream<Named<Scenario>> configurations() {
        return Stream.of(
                twoWriters(ONE_WITH_ALL).applierAndWorker().mishaps(1).named("every kind of write"),
                ONE_WITH_FEW.writer(2).writer(2).worker().mishaps(1).named("writes one after the other"),
                twoWriters(ONE_WITH_SOME).writer(1).worker().mishaps(1).named("three writers"),
                twoWriters(ONE_WITH_SOME.keys(2)).applierAndWorker().mishaps(1).named("two keys"),
                twoWriters(ONE_WITH_ALL).worker().backfill().mishaps(1).named("backfill"),
                twoWriters(ONE_WITH_FEW.keys(2))
                        .worker()
                        .backfill()
                        .verification()
                        .named("verification"),
                twoWriters(TWO_WITH_ALL).applierAndWorker().mishaps(1).named("every kind of write"),
                TWO_WITH_FEW.writer(3).applierAndWorker().mishaps(2).named("writes one after the other"),
                TWO_WITH_FEW.writer(2).writer(1).applierAndWorker().mishaps(1).named("two writers"),
                twoWriters(TWO_WITH_FEW.keys(2)).applierAndWorker().mishaps(1).named("two keys"),
                TWO_WITH_ALL.writer(2).applierAndWorkerToLegacy().mishaps(1).named("modern decides"),
                TWO_UNFIT.writer(2).applierAndWorker().named("rows that do not fit"),
                twoWriters(TWO_WITH_ALL).worker().backfill().mishaps(1).named("backfill"),
                twoWriters(TWO_WITH_FEW)
                        .worker()
                        .backfill()
                        .verification()
                        .mishaps(1)
                        .named("verification"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void inNoInterleavingIsAWriteLost(Scenario scenario) {
        Scenario larger = scenario.mishaps(scenario.mishaps() + MORE_MISHAPS);

        Exploration found = Explorer.explore(MORE_WRITES == 0 ? larger : larger.writer(MORE_WRITES));

        LoggerFactory.getLogger(ModelCheckTest.class).info("{}", found);
        assertThat(found.violation()).as("%s", found).isEmpty();
        assertThat(found.ends()).isPositive();
    }

    static Stream<Arguments> counterexamples() {
        Scenario one = ONE_WITH_SOME.writer(2).writer(1).worker().mishaps(1);
        Scenario two = TWO_WITH_FEW.writer(2).writer(1).applierAndWorker().mishaps(1);
        Scenario oneFilled = twoWriters(ONE_WITH_SOME).worker().backfill();
        Scenario twoFilled = twoWriters(TWO_WITH_FEW).worker().backfill();
        return Stream.of(
                without("deletes its intents and commits", one, Rule.INTENTS_ARE_APPENDED),
                without("commits the deletion of its intents", two, Rule.INTENTS_ARE_APPENDED),
                without("commits", two, Rule.INTENT_COMMITS_WITH_THE_WRITE),
                without("clears the missed write", TWO_UNFIT.writer(3).applierAndWorker(), Rule.CLEARED_BY_CLAIM),
                without("finds no mirror row to delete", one, Rule.DELETE_IN_TWO_STATEMENTS),
                without("DELETE) finds no row", one, Rule.MIRROR_WHAT_WAS_RETURNED),
                without("looks for the authoritative row", one, Rule.RECONCILER_LOCKS_THE_AUTHORITATIVE_ROW),
                without("the worker (key 0) deletes the mirror row", one, Rule.RECONCILER_LOOKS_AGAIN_AFTER_THE_LOCK),
                without("the worker (key 0) locks the key", two, Rule.KEY_LOCK, Rule.LOCKED_ON_THE_MIRROR_TOO),
                without(
                        "commits the mirror and its locks",
                        TWO_WITH_FEW.writer(2).applierAndWorkerToLegacy(),
                        Rule.KEY_LOCK),
                without("begins to lock the key and takes a snapshot", two, Rule.READ_AFTER_THE_LOCK),
                without("looks which intents exist", two, Rule.INTENTS_NOTED_BEFORE_THE_READ),
                without("deletes its intents and commits that", two, Rule.INTENTS_GO_AFTER_THE_MIRROR),
                without(
                        "LOSES ITS SESSION",
                        two,
                        Rule.LOCKS_PROVEN_BEFORE_THE_MIRROR_COMMIT,
                        Rule.LOCKED_ON_THE_MIRROR_TOO),
                without("finds no mirror row to delete", two, Rule.LOCKED_ON_THE_MIRROR_TOO),
                without(
                        "writes the authoritative row without a mirror",
                        oneFilled,
                        Rule.BACKFILL_WAITS_FOR_ALL_WRITERS),
                without(
                        "writes the authoritative row without a mirror",
                        twoFilled,
                        Rule.BACKFILL_WAITS_FOR_ALL_WRITERS),
                without("the backfill (key 0) reads the row", oneFilled, Rule.BACKFILL_LOCKS_ROWS),
                without("the backfill (key 0) reads the row", twoFilled, Rule.BACKFILL_LOCKS_ROWS),
                without("skips the row", oneFilled.mishaps(1), Rule.BACKFILL_SKIPS_NOTHING),
                without("the backfill (key 0) writes the mirror row", oneFilled, Rule.BACKFILL_NEVER_OVERWRITES),
                without("the backfill (key 0) writes the mirror row", twoFilled, Rule.BACKFILL_NEVER_OVERWRITES),
                without("LOSES ITS SESSION", twoFilled.mishaps(1), Rule.BACKFILL_PROVES_ITS_LOCKS),
                without("moves to dual-write", oneFilled, Rule.VERIFIED_AFTER_THE_BACKFILL),
                without("moves to dual-write", twoFilled, Rule.VERIFIED_AFTER_THE_BACKFILL));
    }

    @ParameterizedTest(name = "{1}, without {0}: {2}")
    @MethodSource("counterexamples")
    void withoutARuleAWriteIsLost(Set<Rule> rules, Scenario scenario, String step) {
        Exploration found = Explorer.explore(scenario.without(rules));

        LoggerFactory.getLogger(ModelCheckTest.class).debug("without {}: {}", rules, found);
        assertThat(found.violation()).as("without %s: %s", rules, found).contains("behind");
        assertThat(found.trace()).as("%s", found).anyMatch(line -> line.contains(step));
    }

    /**
     * A rule whose removal alone does no harm, because another rule has the same effect; it matters where the other
     * is not available.
     */
    @Test
    void theLockOnTheMirrorStandsInForTheOtherLockAndItsProof() {
        Scenario two = TWO_WITH_FEW.writer(2).writer(1).applierAndWorker().mishaps(1);

        assertThat(Explorer.explore(two.without(Set.of(Rule.KEY_LOCK))).violation())
                .isEmpty();
        assertThat(Explorer.explore(two.without(Set.of(Rule.LOCKS_PROVEN_BEFORE_THE_MIRROR_COMMIT)))
                        .violation())
                .isEmpty();
    }

    private static Arguments without(String step, Scenario scenario, Rule... rules) {
        return arguments(
                EnumSet.copyOf(List.of(rules)), Named.of(scenario.topology().toString(), scenario), step);
    }

    private static Scenario twoWriters(Scenario scenario) {
        return scenario.writer(1).writer(1);
    }
}
