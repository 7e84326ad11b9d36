package dev.crossfade.worker;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.verify.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** All jobs of a worker: a drain for each entity, parents first; then the sweeps and the housekeeping. */
final class Jobs {

    private final WorkerMetrics metrics;
    private final BooleanSupplier stopping;
    private final List<DrainJob> drains = new ArrayList<>();
    private final List<SweepJob> sweeps = new ArrayList<>();
    private final List<Job> housekeeping = new ArrayList<>();

    /**
     * Creates the jobs.
     *
     * @param mappings the entities, parents first
     * @param stopping asked between batches whether to stop
     */
    Jobs(
            Databases databases,
            List<TableMapping> mappings,
            WorkerSettings settings,
            WorkerMetrics metrics,
            BooleanSupplier stopping) {
        this.metrics = metrics;
        this.stopping = stopping;
        Drain drain = new Drain(
                databases,
                new Reconciler(databases, metrics.reconciling(), Reconciler.USUAL_PATIENCE, settings.retries())
                        .beside(() -> mappings),
                settings.draining().lanes());
        Semaphore oneSweepAtATime = new Semaphore(1);
        for (TableMapping mapping : mappings) {
            Sweep sweep = new Sweep(databases, mapping, mappings, settings.sweeping(), metrics.sweeping());
            drains.add(new DrainJob(databases, mapping, drain, settings.draining()));
            sweeps.add(new SweepJob(sweep, oneSweepAtATime));
        }
        housekeeping.add(new FleetJob(databases));
        housekeeping.add(new RetentionJob(databases, settings.keeping()));
    }

    /** Returns all of them, the most urgent first. */
    List<Job> all() {
        List<Job> all = new ArrayList<>(drains);
        all.addAll(sweeps);
        all.addAll(housekeeping);
        return List.copyOf(all);
    }

    List<DrainJob> drains() {
        return drains;
    }

    List<SweepJob> sweeps() {
        return sweeps;
    }

    /** Returns the jobs that keep the control schema tidy. */
    List<Job> housekeeping() {
        return housekeeping;
    }

    /** Runs a part of a job and returns how long it rests. */
    Duration run(Job job) {
        long begun = System.nanoTime();
        boolean failed = true;
        try {
            Duration pause = job.run(stopping);
            failed = job.trouble().isPresent();
            return pause;
        } finally {
            metrics.ran(job.kind(), failed, System.nanoTime() - begun);
        }
    }
}
