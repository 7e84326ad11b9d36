package dev.crossfade.benchmarks.dualwrite;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.Deployment;
import dev.crossfade.benchmarks.accounts.JdbcAccounts;
import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Contest;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Measurements;
import dev.crossfade.benchmarks.harness.Metric;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Rounds;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.benchmarks.harness.Variant;
import dev.crossfade.model.Stage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures saves of one account by 1, 8 and 32 writers: on the legacy side alone, on both sides by hand, and through
 * Crossfade. In one database the limit is a single statement for both sides. Two commits one after the other are what
 * people write first, and a crash between them loses the second.
 */
public final class DualWriteSuite implements Suite {

    private static final int ROWS = 10_000;
    private static final int[] WRITERS = {1, 8, 32};
    private static final double OF_THE_LIMIT = 0.95;
    private static final double OF_THE_PAIR = 1.0;
    private static final double OF_THE_CALLERS_TIME = 1.15;

    private static final String LEGACY = "legacy-only";
    private static final String COMBINED = "one-statement";
    private static final String PAIR = "two-commits";
    private static final String CROSSFADE = "crossfade";

    private static final List<Metric> METRICS =
            List.of(Metric.LATENCY, Metric.P99, Metric.THROUGHPUT, Metric.LEVEL_THROUGHPUT);

    @Override
    public String name() {
        return "dual-write";
    }

    @Override
    public String description() {
        return "saves on both sides, beside one statement and two commits written by hand";
    }

    @Override
    public Report run(Context context) throws Exception {
        List<Row> rows = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        Rounds rounds = new Rounds(context);
        for (Topology topology : Topology.values()) {
            context.progress().accept(topology.label() + ": starting fresh servers …");
            try (Deployment deployment = Deployment.start(topology, ROWS, Stage.DUAL_WRITE)) {
                for (int writers : WRITERS) {
                    Measurements measured = rounds.run(contest(deployment, topology, writers));
                    METRICS.forEach(metric -> rows.addAll(measured.by(metric).rows()));
                    goals.addAll(
                            topology == Topology.ONE_DATABASE
                                    ? List.of(ofTheLimit(measured))
                                    : List.of(ofThePair(measured), ofTheCallersTime(measured)));
                }
            }
        }
        return new Report(name(), rows, goals);
    }

    private static Contest contest(Deployment deployment, Topology topology, int writers) {
        List<Variant> variants = new ArrayList<>();
        variants.add(
                new Variant(LEGACY, random -> deployment.handWrittenLegacy().save(account(random))));
        if (topology == Topology.ONE_DATABASE) {
            variants.add(
                    new Variant(COMBINED, random -> deployment.handWritten().save(account(random))));
        }
        variants.add(new Variant(PAIR, random -> saveOnBoth(deployment.handWrittenPair(), account(random))));
        variants.add(new Variant(
                CROSSFADE,
                random -> deployment.routed(Stage.DUAL_WRITE).save(account(random)),
                deployment::awaitLevel));
        return new Contest("%s/%d-writers/save".formatted(topology.label(), writers), writers, variants);
    }

    private static void saveOnBoth(List<JdbcAccounts> sides, Account account) throws SQLException {
        for (JdbcAccounts side : sides) {
            side.save(account);
        }
    }

    private static Account account(SplittableRandom random) {
        return AccountTables.account(random, ROWS);
    }

    private static Goal ofTheLimit(Measurements measured) {
        return goal(measured, Metric.THROUGHPUT, COMBINED, OF_THE_LIMIT);
    }

    private static Goal ofThePair(Measurements measured) {
        return goal(measured, Metric.LEVEL_THROUGHPUT, PAIR, OF_THE_PAIR);
    }

    private static Goal ofTheCallersTime(Measurements measured) {
        return Goal.atMost(
                goalName(measured, Metric.LATENCY, LEGACY),
                OF_THE_CALLERS_TIME,
                measured.by(Metric.LATENCY).ratio(CROSSFADE, LEGACY));
    }

    private static Goal goal(Measurements measured, Metric metric, String reference, double required) {
        return Goal.atLeast(
                goalName(measured, metric, reference),
                required,
                measured.by(metric).ratio(CROSSFADE, reference));
    }

    private static String goalName(Measurements measured, Metric metric, String reference) {
        return "%s/%s/%s to %s".formatted(measured.contest().subject(), CROSSFADE, metric.name(), reference);
    }
}
