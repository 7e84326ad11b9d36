package dev.crossfade;

import dev.crossfade.flags.GateListener;
import dev.crossfade.metrics.CrossfadeMetrics;
import dev.crossfade.metrics.FleetWatch;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.routing.RoutingListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What a Crossfade measures: nothing, where it has no registry. */
final class Measuring implements AutoCloseable {

    private static final Duration FLEET_WATCH = Duration.ofSeconds(5);

    private final @Nullable CrossfadeMetrics metrics;
    private final FleetWatch fleet;

    Measuring(@Nullable MeterRegistry meters, DSLContext control) {
        this.metrics = meters == null ? null : new CrossfadeMetrics(meters);
        this.fleet = new FleetWatch(control, FLEET_WATCH);
    }

    RoutingListener routing() {
        return metrics == null ? RoutingListener.NONE : metrics;
    }

    ReconcileListener reconciling() {
        return metrics == null ? ReconcileListener.NONE : metrics;
    }

    GateListener gates() {
        return metrics == null ? GateListener.NONE : metrics.gates();
    }

    void start() {
        if (metrics != null) {
            fleet.start();
        }
    }

    /** Shows the gauges of an entity. */
    void observe(String entity, Supplier<Stage> stage, ToIntFunction<String> backlog) {
        if (metrics != null) {
            metrics.observe(entity, stage, backlog, fleet);
        }
    }

    /** Takes the gauges out of the registry, and ends the watch. */
    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        fleet.close();
    }
}
