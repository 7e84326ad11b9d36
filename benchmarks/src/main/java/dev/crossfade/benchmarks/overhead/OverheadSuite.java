package dev.crossfade.benchmarks.overhead;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.Deployment;
import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Contest;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Measurements;
import dev.crossfade.benchmarks.harness.Metric;
import dev.crossfade.benchmarks.harness.Operation;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Rounds;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.benchmarks.harness.Variant;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.Repository;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Measures save and find in each stage against the same calls on the legacy repository, in both topologies, with one
 * and with eight callers. In one database the hand-written dual write takes part too.
 */
public final class OverheadSuite implements Suite {

    private static final int ROWS = 10_000;
    private static final double UNNOTICED = 1.10;
    private static final int[] CALLERS = {1, 8};
    private static final List<Metric> METRICS = List.of(Metric.LATENCY, Metric.THROUGHPUT, Metric.CALLER_CPU);
    /** The metrics between two databases, where the mirror is written after the caller has its answer. */
    private static final List<Metric> DEFERRED_METRICS =
            List.of(Metric.LATENCY, Metric.THROUGHPUT, Metric.LEVEL_THROUGHPUT, Metric.CALLER_CPU);

    private static final String DIRECT = "direct";
    private static final String BY_HAND = "by-hand";

    @Override
    public String name() {
        return "overhead";
    }

    @Override
    public String description() {
        return "save and find, routed in each stage, against the legacy repository used directly";
    }

    @Override
    public Report run(Context context) throws Exception {
        List<Row> rows = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        Rounds rounds = new Rounds(context);
        for (Topology topology : Topology.values()) {
            context.progress().accept(topology.label() + ": starting fresh servers …");
            try (Deployment deployment = Deployment.start(topology, ROWS, Stage.values())) {
                for (int callers : CALLERS) {
                    rows.addAll(rows(rounds.run(saves(deployment, topology, callers)), ofSaves(topology)));
                    Measurements finds = rounds.run(finds(deployment, topology, callers));
                    rows.addAll(rows(finds, METRICS));
                    if (callers == 1) {
                        goals.add(unnoticed(finds));
                    }
                }
            }
        }
        return new Report(name(), rows, goals);
    }

    /**
     * Crossfade may be built in long before anything moves, and until then finds must cost what they did without it.
     */
    private static Goal unnoticed(Measurements finds) {
        String stage = Stage.LEGACY_ONLY.label();
        return Goal.atMost(
                "%s/%s/%s to %s".formatted(finds.contest().subject(), stage, Metric.LATENCY.name(), DIRECT),
                UNNOTICED,
                finds.by(Metric.LATENCY).ratio(stage, DIRECT));
    }

    private static List<Metric> ofSaves(Topology topology) {
        return topology == Topology.ONE_DATABASE ? METRICS : DEFERRED_METRICS;
    }

    private static Contest saves(Deployment deployment, Topology topology, int callers) {
        List<Variant> variants = new ArrayList<>(
                variants(deployment, accounts -> random -> accounts.save(AccountTables.account(random, ROWS))));
        if (topology == Topology.ONE_DATABASE) {
            variants.add(
                    new Variant(BY_HAND, random -> deployment.handWritten().save(AccountTables.account(random, ROWS))));
        }
        return new Contest(subject(topology, callers, "save"), callers, variants);
    }

    private static Contest finds(Deployment deployment, Topology topology, int callers) {
        return new Contest(
                subject(topology, callers, "find"),
                callers,
                variants(deployment, accounts -> random -> find(accounts, AccountTables.key(random, ROWS))));
    }

    private static void find(Repository<Account, Long> accounts, long key) {
        if (accounts.find(key).isEmpty()) {
            throw new IllegalStateException("The account " + key + " is missing.");
        }
    }

    /** Returns the operation on the legacy repository and in each stage. */
    private static List<Variant> variants(
            Deployment deployment, Function<Repository<Account, Long>, Operation> operation) {
        return Stream.concat(
                        Stream.of(new Variant(DIRECT, operation.apply(deployment.direct()))),
                        Arrays.stream(Stage.values())
                                .map(stage -> new Variant(
                                        stage.label(),
                                        operation.apply(deployment.routed(stage)),
                                        deployment::awaitLevel)))
                .toList();
    }

    private static List<Row> rows(Measurements measured, List<Metric> metrics) {
        return metrics.stream()
                .flatMap(metric -> measured.by(metric).rows().stream())
                .toList();
    }

    private static String subject(Topology topology, int callers, String operation) {
        return topology.label() + "/" + callers + (callers == 1 ? "-caller/" : "-callers/") + operation;
    }
}
