package dev.crossfade.metrics;

import dev.crossfade.flags.GateListener;
import dev.crossfade.lossy.LossyWriteOutcome;
import dev.crossfade.metrics.FleetWatch.Seen;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.read.FallBack;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.routing.RoutingListener;
import dev.crossfade.shadow.Pairing;
import dev.crossfade.shadow.ShadowOutcome;
import dev.crossfade.sql.FailureClass;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Counts and times routing and reconciling. Tags are entities and enum constants, all bounded; a meter is looked up
 * by its tags once. Thread-safe.
 */
public final class CrossfadeMetrics implements RoutingListener, ReconcileListener, AutoCloseable {

    private final Map<String, EntityMeters> entities = new ConcurrentHashMap<>();
    private final Function<String, EntityMeters> making;
    private final Gauges gauges;
    private final GateListener gates;

    /** Registers meters when they are first needed. */
    public CrossfadeMetrics(MeterRegistry meters) {
        this.making = entity -> new EntityMeters(meters, entity);
        this.gauges = new Gauges(meters);
        this.gates = new GateMetrics(gauges);
    }

    /**
     * Shows the gauges of an entity.
     *
     * @param stage the entity's stage on this instance
     * @param backlog the number of the entity's keys that wait for the mirror on this instance
     * @param fleet reads the fleet
     */
    public void observe(String entity, Supplier<Stage> stage, ToIntFunction<String> backlog, FleetWatch fleet) {
        gauge(
                "crossfade.stage",
                entity,
                "stages",
                "The entity's stage: 0 is legacy-only, 5 is modern-only",
                () -> stage.get().ordinal());
        gauge("crossfade.backlog", entity, "keys", "Keys that wait for the mirror", () -> backlog.applyAsInt(entity));
        gauge(
                "crossfade.fleet.size",
                entity,
                "instances",
                "Live instances that serve the entity",
                () -> fleet.seen(entity)
                        .map(Seen::instances)
                        .map(Integer::doubleValue)
                        .orElse(Double.NaN));
        gauge(
                "crossfade.fleet.lag",
                entity,
                "seconds",
                "For how long the newest stage change has waited for the slowest live instance",
                () -> fleet.seen(entity).map(Seen::lagSeconds).orElse(Double.NaN));
    }

    /** Returns the listener that shows the last verdicts of the gates. */
    public GateListener gates() {
        return gates;
    }

    /**
     * Removes this object's gauges from the registry, but not those that another Crossfade of this process has
     * replaced.
     */
    @Override
    public void close() {
        gauges.close();
    }

    @Override
    public void written(String entity, Stage stage, int keys, long nanos) {
        of(entity).write(stage, false).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void writeFailed(String entity, Stage stage, long nanos) {
        of(entity).write(stage, true).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void mirrorMissed(String entity, Side mirror, FailureClass failure) {
        of(entity).mirrorMissed(mirror, failure).increment();
    }

    @Override
    public void lossyWrite(String entity, LossyWriteOutcome outcome) {
        of(entity).lossyWrite(outcome).increment();
    }

    @Override
    public void read(String entity, Stage stage, Side side, long nanos) {
        of(entity).read(stage, side, false).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void readFailed(String entity, Stage stage, Side side, long nanos) {
        of(entity).read(stage, side, true).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void readFellBack(String entity, FallBack reason) {
        of(entity).fellBack(reason).increment();
    }

    @Override
    public void shadowCompared(String entity, Pairing pairing, ShadowOutcome outcome) {
        of(entity).compared(pairing, outcome).increment();
    }

    @Override
    public void shadowDropped(String entity) {
        of(entity).dropped().increment();
    }

    @Override
    public void keysReconciled(String entity, Side mirror, int keys) {
        of(entity).reconciled(mirror).increment(keys);
    }

    @Override
    public void reconcileFailed(String entity, Side mirror, FailureClass failure) {
        of(entity).reconcileFailed(mirror, failure).increment();
    }

    private EntityMeters of(String entity) {
        EntityMeters known = entities.get(entity);
        return known == null ? entities.computeIfAbsent(entity, making) : known;
    }

    private void gauge(String name, String entity, String unit, String description, Supplier<Number> value) {
        gauges.show(
                List.of(name, entity),
                Gauge.builder(name, value).tag("entity", entity).baseUnit(unit).description(description));
    }
}
