package dev.crossfade.protocol;

import dev.crossfade.testing.Topology;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Named;

/**
 * A small configuration: who runs, what may happen, which rules hold.
 *
 * @param topology where the tables are
 * @param rules the rules that hold
 * @param writes what writers may do
 * @param keys how many keys there are
 * @param mishaps how many crashes and lost sessions there may be
 * @param values how many values the writers write
 * @param processes who runs
 */
record Scenario(
        Topology topology,
        Set<Rule> rules,
        Set<Write> writes,
        int keys,
        int mishaps,
        int values,
        List<Function<Scenario, Program>> processes) {

    static Scenario in(Topology topology) {
        return new Scenario(topology, EnumSet.allOf(Rule.class), EnumSet.noneOf(Write.class), 1, 0, 0, List.of());
    }

    Scenario without(Set<Rule> some) {
        EnumSet<Rule> left = EnumSet.allOf(Rule.class);
        left.removeAll(some);
        return new Scenario(topology, left, writes, keys, mishaps, values, processes);
    }

    Scenario writing(Write first, Write... others) {
        return new Scenario(topology, rules, EnumSet.of(first, others), keys, mishaps, values, processes);
    }

    Scenario keys(int number) {
        return new Scenario(topology, rules, writes, number, mishaps, values, processes);
    }

    Scenario mishaps(int number) {
        return new Scenario(topology, rules, writes, keys, number, values, processes);
    }

    /** One more writer, which makes so many writes. */
    Scenario writer(int number) {
        int place = processes.size() + 1;
        int firstValue = values + 1;
        Scenario next = with(scenario -> new Writer(scenario, place, firstValue, number));
        return new Scenario(topology, rules, writes, keys, mishaps, values + number, next.processes);
    }

    /**
     * An applier of single intents, like the live applier, and one that takes all intents of a key, like the worker.
     */
    Scenario applierAndWorker() {
        return applier(false).worker();
    }

    /** An applier that takes all intents of a key. */
    Scenario worker() {
        return applier(true);
    }

    private Scenario applier(boolean takesAll) {
        return with(scenario -> scenario.isShared()
                ? new SharedReconciler(scenario, takesAll)
                : new SeparateApplier(scenario, takesAll, true));
    }

    /** As {@link #applierAndWorker()}, where modern decides and the locks of keys are in the mirror's database. */
    Scenario applierAndWorkerToLegacy() {
        return with(scenario -> new SeparateApplier(scenario, false, false))
                .with(scenario -> new SeparateApplier(scenario, true, false));
    }

    /** From the stage without a mirror: the step to the next one, and the backfill after it. */
    Scenario backfill() {
        return with(scenario -> new StageStep()).with(Backfiller::new);
    }

    /** The verification after {@link #backfill()}. */
    Scenario verification() {
        return with(Verifier::new);
    }

    private Scenario with(Function<Scenario, Program> process) {
        List<Function<Scenario, Program>> all = new ArrayList<>(processes);
        all.add(process);
        return new Scenario(topology, rules, writes, keys, mishaps, values, List.copyOf(all));
    }

    /** Gives it a name in tests. */
    Named<Scenario> named(String name) {
        return Named.of(topology + ", " + name, this);
    }

    boolean isShared() {
        return topology == Topology.ONE_DATABASE;
    }

    boolean holds(Rule rule) {
        return rules.contains(rule);
    }
}
