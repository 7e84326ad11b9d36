package dev.crossfade.stages;

import java.time.Duration;

/** Where the routing layer reads the stages. Implementations are thread-safe and answer from memory. */
public interface Stages {

    /** Returns the newest snapshot, for reads. */
    StageSnapshot current();

    /** Returns the newest snapshot, pinned until {@link StageSnapshot#release()}, for writes. */
    StageSnapshot pin();

    /**
     * Waits until the snapshot has a newer epoch of an entity than {@code epoch}, for a writer that was refused
     * because the authority has moved.
     *
     * @return false if there was none in time
     */
    boolean awaitNewer(String entity, long epoch, Duration atMost);

    /**
     * Waits until this instance is live in the fleet again, under a lease other than {@code lost}, for a writer that
     * was refused because the instance had missed its heartbeats.
     *
     * @return false if it did not happen in time
     */
    boolean rejoin(String lost, Duration atMost);
}
