package dev.crossfade.stages;

import java.time.Duration;

/** Where the routing layer reads the stages. Implementations are thread-safe and answer from memory. */
public interface Stages {

    /** Returns the newest snapshot, for reads. */
    StageSnapshot current();

    /** Returns the newest snapshot, pinned until {@link StageSnapshot#release()}, for writes. */
    StageSnapshot pin();

    /**
     * Waits until the snapshot has a newer epoch of an entity than {@code epoch}: the way on for a writer that was
     * refused because the authority has moved.
     *
     * @return false if there was none in time
     */
    boolean awaitNewer(String entity, long epoch, Duration atMost);

    /**
     * Waits until this instance lives again in the fleet, under a lease other than {@code lost}: the way on for a
     * writer that was refused because the instance had lost its heartbeat.
     *
     * @return false if it did not in time
     */
    boolean rejoin(String lost, Duration atMost);
}
