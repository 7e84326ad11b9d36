package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Named;

/**
 * A small configuration with flips: who runs, what may happen, which rules hold.
 *
 * @param topology where the tables are
 * @param rules the rules that hold
 * @param begin the stage at the beginning
 * @param mishaps how many crashes and lost sessions there may be
 * @param refusals how often the mirror may refuse a row
 * @param asksForEvidence whether the gates ask for a verification rather than for the truth
 * @param writers how many writers there are
 * @param processes who runs
 */
record FlipScenario(
        Topology topology,
        Set<Rule> rules,
        Stage begin,
        int mishaps,
        int refusals,
        boolean asksForEvidence,
        int writers,
        List<Function<FlipScenario, FlipProgram>> processes) {

    static FlipScenario in(Topology topology, Stage begin) {
        return new FlipScenario(topology, EnumSet.allOf(Rule.class), begin, 0, 0, false, 0, List.of());
    }

    FlipScenario without(Set<Rule> some) {
        EnumSet<Rule> left = EnumSet.allOf(Rule.class);
        left.removeAll(some);
        return new FlipScenario(topology, left, begin, mishaps, refusals, asksForEvidence, writers, processes);
    }

    FlipScenario mishaps(int number) {
        return new FlipScenario(topology, rules, begin, number, refusals, asksForEvidence, writers, processes);
    }

    FlipScenario refusals(int number) {
        return new FlipScenario(topology, rules, begin, mishaps, number, asksForEvidence, writers, processes);
    }

    /** One more writer, which writes these contents; 0 is a deletion. */
    FlipScenario writer(int... contents) {
        int place = writers + 1;
        FlipScenario next = with(scenario -> new RoutedWriter(scenario, place, 0, contents));
        return new FlipScenario(topology, rules, begin, mishaps, refusals, asksForEvidence, place, next.processes);
    }

    /** One more writer, which begins after the first step. */
    FlipScenario lateWriter(int... contents) {
        int place = writers + 1;
        FlipScenario next = with(scenario -> new RoutedWriter(scenario, place, 2, contents));
        return new FlipScenario(topology, rules, begin, mishaps, refusals, asksForEvidence, place, next.processes);
    }

    /**
     * An instance that starts without the modern database, and has one writer. The existing instances come before it.
     *
     * @param acknowledged an epoch that one of them has acknowledged before, 0 for any time
     */
    FlipScenario starting(int acknowledged, int... contents) {
        if (processes.size() != writers) {
            throw new IllegalStateException("Other processes than writers come after the instance that starts.");
        }
        int peers = writers;
        FlipScenario next = with(scenario -> new StartingWriter(scenario, peers, acknowledged, contents));
        return new FlipScenario(topology, rules, begin, mishaps, refusals, asksForEvidence, peers + 1, next.processes);
    }

    FlipScenario applier() {
        return with(scenario -> new FlipApplier(scenario, "the applier", false, 1));
    }

    /** An applier that retries missed writes. */
    FlipScenario worker() {
        return with(scenario -> new FlipApplier(scenario, "the worker", true, 1));
    }

    /** Another mapping is deployed, with a worker that has it; a verification is made, before or after. */
    FlipScenario deployment() {
        return with(Deployment::new)
                .with(scenario -> new FlipApplier(scenario, "the new worker", false, 2))
                .verification();
    }

    FlipScenario verification() {
        FlipScenario next = with(FlipVerifier::new);
        return new FlipScenario(topology, rules, begin, mishaps, refusals, true, writers, next.processes);
    }

    FlipScenario repair(int rounds) {
        return with(scenario -> new Appender(scenario, false, rounds));
    }

    FlipScenario discard() {
        return with(scenario -> new Appender(scenario, true, 1));
    }

    FlipScenario bypassing(Side side, int content) {
        return with(scenario -> new BypassingWriter(scenario, side, content));
    }

    FlipScenario oldBackfill() {
        return with(OldBackfill::new);
    }

    /** An operator who moves the entity and, between two databases, an instance that completes an interrupted step. */
    FlipScenario moving(Stage first, Stage... others) {
        List<Stage> targets = new ArrayList<>(List.of(first));
        targets.addAll(List.of(others));
        FlipScenario next = with(scenario -> new StageOperator(scenario, targets));
        return next.isShared() ? next : next.with(Completer::new);
    }

    /** A database that may go back in time: 0 the control database, 1 the other one. */
    FlipScenario goingBack(int database) {
        return with(scenario -> new Standby(database));
    }

    FlipScenario with(Function<FlipScenario, FlipProgram> process) {
        List<Function<FlipScenario, FlipProgram>> all = new ArrayList<>(processes);
        all.add(process);
        return new FlipScenario(topology, rules, begin, mishaps, refusals, asksForEvidence, writers, List.copyOf(all));
    }

    /** Gives it a name in tests. */
    Named<FlipScenario> named(String name) {
        return Named.of(topology + ", " + name, this);
    }

    boolean isShared() {
        return topology == Topology.ONE_DATABASE;
    }

    boolean holds(Rule rule) {
        return rules.contains(rule);
    }
}
