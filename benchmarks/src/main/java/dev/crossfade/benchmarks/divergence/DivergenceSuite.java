package dev.crossfade.benchmarks.divergence;

import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Suite;
import java.util.ArrayList;
import java.util.List;

/**
 * Races two writers for each of many keys, through Crossfade and through LaunchDarkly's {@code Migration}; then runs
 * many saves and deletes of the same keys through Crossfade. It counts how many keys differ between the sides in the
 * end.
 */
public final class DivergenceSuite implements Suite {

    private static final int KEYS = 4_000;
    private static final int WRITES = 1_000_000;
    private static final int QUICK_WRITES = 20_000;
    private static final String UNIT = "keys";

    private final int keys;
    private final int quickWrites;

    /** Creates the suite in its full size. */
    public DivergenceSuite() {
        this(KEYS, QUICK_WRITES);
    }

    DivergenceSuite(int keys, int quickWrites) {
        this.keys = keys;
        this.quickWrites = quickWrites;
    }

    @Override
    public String name() {
        return "divergence";
    }

    @Override
    public String description() {
        return "keys that differ between the sides after writers raced for them, beside LaunchDarkly's Migration";
    }

    @Override
    public Report run(Context context) throws Exception {
        int writes = context.pace().equals(Pace.FULL) ? WRITES : quickWrites;
        List<Row> rows = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        for (Topology topology : Topology.values()) {
            String meeting = topology.label() + "/two-writers-at-" + keys + "-keys/";
            String roaming = topology.label() + "/" + writes + "-writes/";
            context.progress().accept(topology.label() + ": starting fresh servers …");
            try (Resources resources = new Resources()) {
                Race race = new Race(topology, keys, resources);
                context.progress().accept(meeting + "launchdarkly …");
                rows.add(Row.reference(meeting + "launchdarkly/diverged", race.meetThroughPeer(), UNIT));
                context.progress().accept(meeting + "crossfade …");
                addNone(meeting + "crossfade/diverged", race.meetThroughCrossfade(), rows, goals);
                context.progress().accept(roaming + "crossfade …");
                addNone(roaming + "crossfade/diverged", race.roam(writes), rows, goals);
            }
        }
        return new Report(name(), rows, goals);
    }

    private static void addNone(String name, int diverged, List<Row> rows, List<Goal> goals) {
        rows.add(Row.reference(name, diverged, UNIT));
        goals.add(Goal.atMost(name, 0, diverged));
    }
}
