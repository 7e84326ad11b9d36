package dev.crossfade.benchmarks.drain;

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
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/**
 * Measures keys per second from a backlog of one intent per key. It compares the worker's drain, with and without rows
 * that do not fit; transaction-outbox; and, as the limit, one statement for all keys, which ignores intents and locks
 * every row until its end. It also measures the heap that drains of a small and of a large backlog need.
 */
public final class DrainSuite implements Suite {

    private static final int KEYS = 500_000;
    private static final int QUICK_KEYS = 100_000;
    private static final int PEER_KEYS = 20_000;
    private static final int ROUNDS = 5;
    private static final int LANES = 2;
    private static final int POISONED_EVERY = 100;
    private static final double OF_THE_LIMIT = 0.5;
    private static final double OF_THE_PEER = 10;
    private static final double OF_THE_CLEAN = 0.8;
    private static final double OF_THE_SMALL_ONE = 1.25;

    private static final String LIMIT = "one-statement";
    private static final String CROSSFADE = "crossfade";
    private static final String POISONED = "crossfade-one-percent-poisoned";
    private static final String PEER = "transaction-outbox";
    private static final String METRIC = "keys-per-second";
    private static final String UNIT = "1/s";

    private final int keys;
    private final int quickKeys;
    private final int peerKeys;

    /** Creates the suite in its full size. */
    public DrainSuite() {
        this(KEYS, QUICK_KEYS, PEER_KEYS);
    }

    DrainSuite(int keys, int quickKeys, int peerKeys) {
        this.keys = keys;
        this.quickKeys = quickKeys;
        this.peerKeys = peerKeys;
    }

    @Override
    public String name() {
        return "drain";
    }

    @Override
    public String description() {
        return "keys a second from a backlog, beside one statement for all of them and transaction-outbox";
    }

    @Override
    public Report run(Context context) throws Exception {
        boolean full = context.pace().equals(Pace.FULL);
        Trials trials = new Trials(1, full ? ROUNDS : 1, context.progress());
        List<Row> rows = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        for (Topology topology : Topology.values()) {
            String subject = topology.label() + "/" + (full ? keys : quickKeys) + "-keys";
            context.progress().accept(subject + ": starting fresh servers …");
            try (Resources resources = new Resources()) {
                Backlog backlog = new Backlog(topology, full ? keys : quickKeys, resources);
                Map<String, Samples> measured = trials.run(subject, variants(topology, backlog, resources));
                String reference = topology == Topology.ONE_DATABASE ? LIMIT : CROSSFADE;
                Comparison rates = new Comparison(subject, METRIC, UNIT, reference, measured);
                rows.addAll(rates.rows());
                goals.addAll(goals(topology, rates));
            }
        }
        Row small = heap(context, quickKeys / 10);
        Row large = heap(context, full ? keys * 4 : quickKeys);
        rows.add(small);
        rows.add(large);
        goals.add(Goal.atMost(large.name() + " to " + small.name(), OF_THE_SMALL_ONE, large.value() / small.value()));
        return new Report(name(), rows, goals);
    }

    private static Row heap(Context context, int keys) throws Exception {
        String name = Topology.ONE_DATABASE.label() + "/" + keys + "-keys/crossfade/live-heap";
        context.progress().accept(name + " …");
        LiveHeap heap = new LiveHeap();
        try (Resources resources = new Resources()) {
            Backlog backlog = new Backlog(Topology.ONE_DATABASE, keys, resources);
            backlog.fallBehind(0);
            backlog.note();
            workOff(backlog, heap::look);
            backlog.requireLevel(keys);
        }
        return Row.reference(name, heap.megabytes(), "MB");
    }

    private SequencedMap<String, Trial> variants(Topology topology, Backlog backlog, Resources resources) {
        SequencedMap<String, Trial> variants = new LinkedHashMap<>();
        if (topology == Topology.ONE_DATABASE) {
            OutboxPeer peer = resources.opened(new OutboxPeer(backlog));
            variants.put(LIMIT, () -> copyAll(backlog));
            variants.put(PEER, () -> drain(peer));
        }
        variants.put(CROSSFADE, () -> drain(backlog, 0));
        variants.put(POISONED, () -> drain(backlog, POISONED_EVERY));
        return variants;
    }

    private static List<Goal> goals(Topology topology, Comparison rates) {
        Goal poisoned = goal(rates, POISONED, CROSSFADE, OF_THE_CLEAN);
        return topology == Topology.ONE_DATABASE
                ? List.of(
                        goal(rates, CROSSFADE, LIMIT, OF_THE_LIMIT),
                        goal(rates, CROSSFADE, PEER, OF_THE_PEER),
                        poisoned)
                : List.of(poisoned);
    }

    private static Goal goal(Comparison rates, String variant, String reference, double required) {
        return Goal.atLeast(
                "%s/%s/%s to %s".formatted(rates.subject(), variant, METRIC, reference),
                required,
                rates.ratio(variant, reference));
    }

    private static double copyAll(Backlog backlog) throws Exception {
        backlog.fallBehind(0);
        long start = System.nanoTime();
        backlog.copyAll();
        double rate = rate(backlog.keys(), start);
        backlog.requireLevel(backlog.keys());
        return rate;
    }

    private double drain(OutboxPeer peer) throws Exception {
        Backlog backlog = peer.backlog();
        backlog.fallBehind(0);
        peer.schedule(peerKeys);
        long start = System.nanoTime();
        peer.drain(peerKeys);
        double rate = rate(peerKeys, start);
        backlog.requireLevel(peerKeys);
        return rate;
    }

    private static double drain(Backlog backlog, int poisonedEvery) throws Exception {
        backlog.fallBehind(poisonedEvery);
        backlog.note();
        long start = System.nanoTime();
        workOff(backlog, () -> {});
        double rate = rate(backlog.keys(), start);
        backlog.requireLevel(poisonedEvery == 0 ? backlog.keys() : backlog.keys() - backlog.keys() / poisonedEvery);
        return rate;
    }

    private static void workOff(Backlog backlog, Runnable afterRound) {
        Drain drain =
                new Drain(backlog.databases(), new Reconciler(backlog.databases(), ReconcileListener.NONE), LANES);
        while (!drain.intents(backlog.mapping(), Duration.ZERO).isIdle()) {
            afterRound.run();
        }
    }

    private static double rate(int keys, long start) {
        return keys / ((System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
