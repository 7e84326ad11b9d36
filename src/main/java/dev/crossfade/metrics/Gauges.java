package dev.crossfade.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/**
 * The gauges of one owner. A registry keeps the first gauge of a name and its tags, whoever registers the next one, and
 * removes by the name: left alone, a second owner shows the first one's values for ever, and takes away what is not its
 * own. Here the newest owner's gauge is the one in the registry, and an owner that closes takes out what is still its
 * own. Public for the worker's meters. Thread-safe.
 */
public final class Gauges implements AutoCloseable {

    private final MeterRegistry meters;
    private final Map<Object, Gauge> own = new HashMap<>();
    private boolean closed;

    /** Makes an owner without gauges. */
    public Gauges(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Puts a gauge into the registry, in place of an older owner's; does nothing where this owner's is in it already.
     *
     * @param key tells this owner's gauges apart
     */
    public synchronized void show(Object key, Gauge.Builder<?> gauge) {
        Gauge before = own.get(key);
        if (closed || (before != null && isShown(before))) {
            return;
        }
        // This is another owner's where there is one: the registry does not say.
        meters.remove(gauge.register(meters));
        own.put(key, gauge.register(meters));
    }

    /** Takes the gauges out of the registry that are not another owner's by now; shows no further ones. */
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
