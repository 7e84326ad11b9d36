package dev.crossfade.metrics;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.FailureClass;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.routing.FallBack;
import dev.crossfade.routing.RoutingListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;

/** Counts and times what routing and reconciling do. Tags are entities, sides, stages and outcomes, all bounded. */
public final class CrossfadeMetrics implements RoutingListener, ReconcileListener {

    private final MeterRegistry meters;

    /** Registers meters as they are first needed. */
    public CrossfadeMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void written(String entity, Stage stage, int keys, long nanos) {
        meters.timer("crossfade.writes", "entity", entity, "stage", stage.label(), "outcome", "written")
                .record(Duration.ofNanos(nanos));
    }

    @Override
    public void writeFailed(String entity, Stage stage) {
        meters.counter("crossfade.writes.failed", "entity", entity, "stage", stage.label())
                .increment();
    }

    @Override
    public void mirrorMissed(String entity, Side mirror, FailureClass failure) {
        meters.counter("crossfade.mirror.missed", "entity", entity, "side", mirror.label(), "class", label(failure))
                .increment();
    }

    @Override
    public void read(String entity, Side side, long nanos) {
        meters.timer("crossfade.reads", "entity", entity, "side", side.label()).record(Duration.ofNanos(nanos));
    }

    @Override
    public void readFellBack(String entity, FallBack reason) {
        meters.counter("crossfade.reads.fallback", "entity", entity, "reason", label(reason))
                .increment();
    }

    @Override
    public void shadowCompared(String entity, boolean equal) {
        meters.counter("crossfade.shadow.compared", "entity", entity, "equal", Boolean.toString(equal))
                .increment();
    }

    @Override
    public void shadowDropped(String entity) {
        meters.counter("crossfade.shadow.dropped", "entity", entity).increment();
    }

    @Override
    public void keysReconciled(String entity, Side mirror, int keys) {
        meters.counter("crossfade.reconciled", "entity", entity, "side", mirror.label())
                .increment(keys);
    }

    @Override
    public void reconcileFailed(String entity, Side mirror, FailureClass failure) {
        meters.counter("crossfade.reconcile.failed", "entity", entity, "side", mirror.label(), "class", label(failure))
                .increment();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
