package dev.crossfade.stages;

import dev.crossfade.model.CrossfadeException;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The stages of all entities at one moment. A writer pins the snapshot for as long as it acts on it, so that the
 * instance acknowledges a newer one only when nobody writes under the older one any more. Thread-safe.
 */
public final class StageSnapshot {

    private final Map<String, EntityStage> stages;
    private final Lease lease;
    private final LongAdder entered = new LongAdder();
    private final LongAdder left = new LongAdder();

    StageSnapshot(Map<String, EntityStage> stages, Lease lease) {
        this.stages = Map.copyOf(stages);
        this.lease = lease;
    }

    /**
     * Returns how an entity is routed.
     *
     * @throws CrossfadeException if the entity was not registered
     */
    public EntityStage of(String entity) {
        EntityStage stage = stages.get(entity);
        if (stage == null) {
            throw new CrossfadeException("The entity '" + entity
                    + "' is not registered. Make its DualWrite repository with this Crossfade before using it.");
        }
        return stage;
    }

    /**
     * Returns until when this instance may write under these stages, in seconds since 1970 by the control database's
     * clock. A statement that writes checks it in the database.
     */
    public String lease() {
        return lease.until();
    }

    /** Ends a pin that {@link Stages#pin()} made. */
    public void release() {
        left.increment();
    }

    void enter() {
        entered.increment();
    }

    /** Tells whether nobody acts on this snapshot. Once true for a replaced snapshot, it stays true. */
    boolean isQuiet() {
        long out = left.sum();
        return out == entered.sum();
    }

    Lease ownLease() {
        return lease;
    }

    Map<String, EntityStage> all() {
        return stages;
    }
}
