package dev.crossfade.worker;

import dev.crossfade.metrics.CrossfadeMetrics;
import dev.crossfade.metrics.Gauges;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.SweepCycle;
import dev.crossfade.verify.SweepListener;
import dev.crossfade.worker.Health.Waiting;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The worker's meters. Tags are entities, kinds of jobs and kinds of differences, all bounded. Thread-safe. */
final class WorkerMetrics implements AutoCloseable {

    private final MeterRegistry meters;
    private final Gauges gauges;
    private final CrossfadeMetrics reconciling;
    private final SweepListener voice = new SweepLogging();

    WorkerMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.gauges = new Gauges(meters);
        this.reconciling = new CrossfadeMetrics(meters);
    }

    /** Registers the gauges of an entity. */
    void observe(String entity, Watch watch) {
        gauge(
                "crossfade.intents",
                entity,
                "Intents that wait, whoever left them",
                waiting(entity, watch, Waiting::intents));
        seconds(
                "crossfade.intents.age",
                entity,
                "Time since the oldest was noted",
                waiting(entity, watch, Waiting::oldestSeconds));
        gauge(
                "crossfade.missed.writes",
                entity,
                "Missed writes, parked ones too",
                waiting(entity, watch, Waiting::missed));
        gauge(
                "crossfade.missed.writes.parked",
                entity,
                "Missed writes that are parked",
                waiting(entity, watch, Waiting::parked));
        gauge(
                "crossfade.sweep.found.per.million",
                entity,
                "Differences found in a million rows by the last finished pass",
                swept(entity, watch, SweepCycle::foundPerMillion));
        seconds(
                "crossfade.sweep.age",
                entity,
                "Time since the last finished pass ended",
                swept(entity, watch, cycle -> secondsSince(cycle, watch)));
    }

    private static double secondsSince(SweepCycle cycle, Watch watch) {
        return cycle.finishedAt() == null
                ? Double.NaN
                : watch.now() - cycle.finishedAt().toInstant().toEpochMilli() / 1000.0;
    }

    private static Supplier<Number> waiting(String entity, Watch watch, ToDoubleFunction<Waiting> value) {
        return () ->
                watch.waiting(entity).stream().mapToDouble(value).findFirst().orElse(Double.NaN);
    }

    private static Supplier<Number> swept(String entity, Watch watch, ToDoubleFunction<SweepCycle> value) {
        return () -> watch.swept(entity).stream().mapToDouble(value).findFirst().orElse(Double.NaN);
    }

    private void gauge(String name, String entity, String description, Supplier<Number> value) {
        gauges.show(
                List.of(name, entity),
                Gauge.builder(name, value).tag("entity", entity).description(description));
    }

    private void seconds(String name, String entity, String description, Supplier<Number> value) {
        gauges.show(
                List.of(name, entity),
                Gauge.builder(name, value)
                        .tag("entity", entity)
                        .description(description)
                        .baseUnit("seconds"));
    }

    /** Removes the gauges from the registry. */
    @Override
    public void close() {
        gauges.close();
        reconciling.close();
    }

    /** Counts and times one turn of a job. */
    void ran(Job.Kind job, boolean failed, long nanos) {
        meters.timer("crossfade.worker.jobs", "job", job.label(), "outcome", failed ? "failed" : "done")
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Returns the listener that counts the keys brought up to date. */
    ReconcileListener reconciling() {
        return reconciling;
    }

    /** Returns the listener that counts what a sweep finds, and logs it. */
    SweepListener sweeping() {
        return new SweepListener() {
            @Override
            public void compared(String entity, long rows) {
                meters.counter("crossfade.sweep.rows", "entity", entity).increment(rows);
            }

            @Override
            public void found(String entity, List<Difference> differences, int repaired) {
                differences.forEach(difference -> meters.counter(
                                "crossfade.sweep.found", "entity", entity, "kind", difference.kind())
                        .increment());
                meters.counter("crossfade.sweep.repaired", "entity", entity).increment(repaired);
                voice.found(entity, differences, repaired);
            }

            @Override
            public void unreadable(String entity, String reason) {
                meters.counter("crossfade.sweep.unreadable", "entity", entity).increment();
                voice.unreadable(entity, reason);
            }

            @Override
            public void finished(String entity, SweepCycle cycle) {
                voice.finished(entity, cycle);
            }
        };
    }
}
