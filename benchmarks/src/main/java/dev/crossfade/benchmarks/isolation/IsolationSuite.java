package dev.crossfade.benchmarks.isolation;

import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Callers;
import dev.crossfade.benchmarks.harness.Callers.Running;
import dev.crossfade.benchmarks.harness.Callers.Seen;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Operation;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.routing.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long callers wait for a save while the mirror is in trouble: through Crossfade, from the first save on
 * and once its breaker is open; through LaunchDarkly's {@code Migration}; and on the legacy side alone.
 */
public final class IsolationSuite implements Suite {

    private static final String LEGACY_ONLY = "legacy-only";
    private static final String BEFORE = "crossfade/before";
    private static final String OPEN = "crossfade/open";
    private static final String PEER = "launchdarkly";

    private static final int CALLERS = 2;
    private static final double UNNOTICED = 1.10;
    /** After this many failures the breaker is open, whatever happened before: it looks at the last 20 calls. */
    private static final int SAVES_BEFORE = 20;

    /** Many short turns, because servers and disks are faster in one second than in the next. */
    private static final int TURNS = 30;

    private static final int SLOTS_PER_SLICE = 10;
    private static final int ROUNDS = 5;
    /** The time after which an open breaker tries the mirror again. */
    private static final Duration HALF_OPEN = Duration.ofMillis(1_100);

    private final Set<Topology> topologies;
    private final Set<Trouble> troubles;

    /** Creates the suite with every trouble in both topologies. */
    public IsolationSuite() {
        this(Set.of(Topology.values()), Set.of(Trouble.values()));
    }

    IsolationSuite(Set<Topology> topologies, Set<Trouble> troubles) {
        this.topologies = Set.copyOf(topologies);
        this.troubles = Set.copyOf(troubles);
    }

    @Override
    public String name() {
        return "isolation";
    }

    @Override
    public String description() {
        return "how long saves take while the mirror is in trouble, beside LaunchDarkly's Migration";
    }

    @Override
    public Report run(Context context) throws Exception {
        List<Row> rows = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        for (Topology topology : Topology.values()) {
            if (topologies.contains(topology)) {
                run(context, topology).forEach((trouble, series) -> {
                    rows.addAll(series.rows());
                    goals.addAll(goals(topology, trouble, series));
                });
            }
        }
        return new Report(name(), rows, goals);
    }

    private Map<Trouble, Series> run(Context context, Topology topology) throws Exception {
        Map<Trouble, Series> all = new EnumMap<>(Trouble.class);
        troubles.forEach(trouble -> all.put(trouble, new Series(subject(topology, trouble), LEGACY_ONLY)));
        Pace pace = context.pace();
        Duration slice = slice(pace);
        int rounds = Math.max(1, pace.rounds() / ROUNDS);
        context.progress().accept(topology.label() + ": starting fresh servers …");
        try (Resources resources = new Resources()) {
            Installation installation = new Installation(topology, resources);
            Callers callers = resources.opened(new Callers(CALLERS));
            warmUp(installation, callers, slice);
            for (int round = 0; round < rounds; round++) {
                for (Map.Entry<Trouble, Series> entry : all.entrySet()) {
                    Trouble trouble = entry.getKey();
                    context.progress()
                            .accept("%s, round %d of %d …".formatted(subject(topology, trouble), round + 1, rounds));
                    round(installation, callers, trouble, pace).forEach(entry.getValue()::add);
                }
            }
        }
        return all;
    }

    private static Duration slice(Pace pace) {
        return pace.slot().multipliedBy(SLOTS_PER_SLICE);
    }

    private static void warmUp(Installation installation, Callers callers, Duration slice) throws Exception {
        callers.lasting(slice, installation::saveUnmirrored);
        callers.lasting(slice, installation::saveMirrored);
        callers.lasting(slice, installation::saveByPeer);
        installation.awaitLevel();
    }

    private static Map<String, Seen> round(Installation installation, Callers callers, Trouble trouble, Pace pace)
            throws Exception {
        Map<String, Seen> seen = new LinkedHashMap<>();
        Running peer;
        installation.begin(trouble);
        try {
            seen.put(LEGACY_ONLY, Seen.nothing());
            seen.put(BEFORE, callers.times(SAVES_BEFORE, installation::saveMirrored));
            for (int turn = 0; turn < TURNS; turn++) {
                List<String> order = List.of(LEGACY_ONLY, OPEN);
                for (String variant : turn % 2 == 0 ? order : order.reversed()) {
                    Operation save = variant.equals(OPEN) ? installation::saveMirrored : installation::saveUnmirrored;
                    seen.merge(variant, callers.lasting(pace.slot(), save), Seen::and);
                }
            }
            peer = callers.begin(slice(pace), installation::saveByPeer);
            peer.await(slice(pace).plusMillis(2 * Trouble.SLOW_MILLIS));
        } finally {
            installation.end();
        }
        seen.put(PEER, peer.end());
        heal(installation, callers);
        return seen;
    }

    /** Closes the breaker again, so that the next trouble finds it closed. */
    private static void heal(Installation installation, Callers callers) throws Exception {
        installation.awaitLevel();
        TimeUnit.MILLISECONDS.sleep(HALF_OPEN.toMillis());
        callers.times(SAVES_BEFORE, installation::saveMirrored);
        installation.awaitLevel();
    }

    private static List<Goal> goals(Topology topology, Trouble trouble, Series series) {
        String subject = subject(topology, trouble);
        List<Goal> goals = new ArrayList<>();
        goals.add(Goal.atMost(
                subject + "/crossfade, failed saves", 0, series.failed(BEFORE) + (double) series.failed(OPEN)));
        if (trouble != Trouble.HEALTHY) {
            double budget = RoutingSettings.DEFAULTS.mirrorBudget().toMillis();
            goals.add(Goal.atMost(
                    subject + "/" + BEFORE + "/max, ms, to the mirror budget and the longest save in legacy-only",
                    budget + series.longest(LEGACY_ONLY),
                    series.longest(BEFORE)));
            goals.add(Goal.atMost(
                    subject + "/" + OPEN + "/p99 to " + LEGACY_ONLY,
                    UNNOTICED,
                    series.percentile("p99", 99).ratio(OPEN, LEGACY_ONLY)));
        }
        return goals;
    }

    private static String subject(Topology topology, Trouble trouble) {
        return topology.label() + "/" + trouble.label();
    }
}
