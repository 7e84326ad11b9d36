package dev.crossfade.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one name, each created when first needed and then found by a number: registries look meters up by their
 * tags, which is too slow for reads of one record. Thread-safe.
 *
 * @param <M> the kind of meter
 */
final class Slots<M> {

    private final AtomicReferenceArray<@Nullable M> meters;
    private final IntFunction<M> registration;

    /**
     * Creates empty slots.
     *
     * @param registration registers the meter of a slot, or finds it if it is registered already
     */
    Slots(int size, IntFunction<M> registration) {
        this.meters = new AtomicReferenceArray<>(size);
        this.registration = registration;
    }

    M get(int slot) {
        M meter = meters.get(slot);
        if (meter == null) {
            meter = registration.apply(slot);
            meters.set(slot, meter);
        }
        return meter;
    }
}
