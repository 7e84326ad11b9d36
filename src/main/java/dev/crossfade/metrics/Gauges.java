package dev.crossfade.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/**
 * The gauges of one owner. A registry keeps the first gauge of a name and tags, ignores later ones, and removes by
 * name: without this class a second owner would show the first one's values for ever, and remove gauges that are not
 * its own. Here the newest owner's gauge is in the registry, and an owner that closes removes only what is still its
 * own. Public for the worker's meters. Thread-safe.
 */
public final class Gauges implements AutoCloseable {

    private final MeterRegistry meters;
    private final Map<Object, Gauge> own = new HashMap<>();
    private boolean closed;

    /** Creates an owner without gauges. */
    public Gauges(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Puts a gauge into the registry, replacing an older owner's; does nothing if this owner's is registered already.
     *
     * @param key identifies the gauge among this owner's
     */
    public synchronized void show(Object key, Gauge.Builder<?> gauge) {
        Gauge before = own.get(key);
        if (closed || (before != null && isShown(before))) {
            return;
        }
        // The registry returns another owner's gauge if there is one.
        meters.remove(gauge.register(meters));
        own.put(key, gauge.register(meters));
    }

    /** Removes the gauges that another owner has not replaced; shows no further ones. */
    @Override
    public synchronized void close() {
        closed = true;
        own.values().stream().filter(this::isShown).forEach(meters::remove);
        own.clear();
    }

    /** Meters equal each other by their names. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isShown(Gauge gauge) {
        return meters.getMeters().stream().anyMatch(meter -> meter == gauge);
    }
}
