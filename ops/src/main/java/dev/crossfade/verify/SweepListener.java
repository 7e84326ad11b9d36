package dev.crossfade.verify;

import dev.crossfade.model.RecordKey;
import java.util.List;

/** Hears what a sweep finds, on the sweeping thread, after it was recorded. */
public interface SweepListener {

    /** A listener that does nothing. */
    SweepListener NONE = new SweepListener() {};

    /** Some more rows were compared. */
    default void compared(String entity, long rows) {}

    /** Unexplained differences were found; {@code repaired} of them were repaired. */
    default void found(String entity, List<Difference> differences, int repaired) {}

    /**
     * Unexplained differences were found whose repair would delete or overwrite more rows of the mirror than a sweep
     * may; {@code keys} are the first of them.
     */
    default void heldBack(String entity, long rows, long allowed, List<RecordKey> keys) {}

    /**
     * A row could not be compared and was left out, for example because its projection fails; {@code reason} holds no
     * values.
     */
    default void unreadable(String entity, String reason) {}

    /** A pass over all keys has ended. */
    default void finished(String entity, SweepCycle cycle) {}
}
