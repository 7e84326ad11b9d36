package dev.crossfade.benchmarks.verify;

import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Comparison;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Samples;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.benchmarks.harness.Trials;
import dev.crossfade.benchmarks.harness.Trials.Trial;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/**
 * How long a verification takes beside the cheapest exact query by hand: count and XOR of the records' hashes of
 * either side, one after the other in one database; between two, of the slower side, as both can run at the same time.
 * And what it costs to find and name a hundred scattered differences.
 */
public final class VerifySuite implements Suite {

    private static final int ROWS = 2_000_000;
    private static final int QUICK_ROWS = 300_000;
    private static final int ROUNDS = 5;
    private static final int DIFFERENCES = 100;
    private static final double IN_ONE_DATABASE = 1.15;
    private static final double BETWEEN_TWO = 1.3;
    private static final double WITH_DIFFERENCES = 1.3;

    private static final String BY_HAND = "by-hand";
    private static final String CROSSFADE = "crossfade";
    private static final String DIFFERING = "crossfade-100-differences";
    private static final String METRIC = "seconds";
    private static final String UNIT = "s";

    private final int rows;
    private final int quickRows;

    /** Makes the suite in its full size. */
    public VerifySuite() {
        this(ROWS, QUICK_ROWS);
    }

    VerifySuite(int rows, int quickRows) {
        this.rows = rows;
        this.quickRows = quickRows;
    }

    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String description() {
        return "how long a proof of equality takes beside the cheapest exact query by hand";
    }

    @Override
    public Report run(Context context) throws Exception {
        boolean full = context.pace().equals(Pace.FULL);
        int size = full ? rows : quickRows;
        Trials trials = new Trials(1, full ? ROUNDS : 2, context.progress());
        List<Row> measured = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        for (Topology topology : Topology.values()) {
            String subject = topology.label() + "/" + size + "-rows";
            context.progress().accept(subject + ": filling fresh servers …");
            try (Resources resources = new Resources()) {
                Customers customers = new Customers(topology, size, resources);
                Map<String, Samples> seen = trials.run(subject, variants(topology, customers, size));
                Comparison times = new Comparison(subject, METRIC, UNIT, BY_HAND, seen);
                measured.addAll(times.rows());
                goals.add(goal(
                        times, CROSSFADE, BY_HAND, topology == Topology.ONE_DATABASE ? IN_ONE_DATABASE : BETWEEN_TWO));
                goals.add(goal(times, DIFFERING, CROSSFADE, WITH_DIFFERENCES));
            }
        }
        return new Report(name(), measured, goals);
    }

    private static Goal goal(Comparison times, String variant, String reference, double required) {
        return Goal.atMost(
                "%s/%s/%s to %s".formatted(times.subject(), variant, METRIC, reference),
                required,
                times.ratio(variant, reference));
    }

    private static SequencedMap<String, Trial> variants(Topology topology, Customers customers, int size) {
        SequencedMap<String, Trial> variants = new LinkedHashMap<>();
        variants.put(BY_HAND, () -> byHand(topology, customers));
        variants.put(CROSSFADE, () -> verify(customers, 0));
        variants.put(DIFFERING, () -> {
            customers.spoil(DIFFERENCES, size / DIFFERENCES);
            double seconds = verify(customers, DIFFERENCES);
            customers.mend();
            return seconds;
        });
        return variants;
    }

    private static double byHand(Topology topology, Customers customers) throws SQLException {
        long start = System.nanoTime();
        String legacy = customers.hash(true);
        double first = secondsSince(start);
        long next = System.nanoTime();
        String modern = customers.hash(false);
        double second = secondsSince(next);
        if (!legacy.equals(modern)) {
            throw new IllegalStateException("The sides differ: " + legacy + " and " + modern + ".");
        }
        return topology == Topology.ONE_DATABASE ? first + second : Math.max(first, second);
    }

    private static double verify(Customers customers, int differences) {
        long start = System.nanoTime();
        Verification.Report report =
                new Verification(customers.databases(), Customers.mapping(), VerificationListener.NONE).run(false);
        double seconds = secondsSince(start);
        if (report.differenceCount() != differences) {
            throw new IllegalStateException(
                    "%s differences were found, not %s.".formatted(report.differenceCount(), differences));
        }
        return seconds;
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
