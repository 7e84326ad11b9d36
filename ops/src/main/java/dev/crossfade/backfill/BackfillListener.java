package dev.crossfade.backfill;

/** Hears about the progress of a backfill, on the backfilling thread. */
public interface BackfillListener {

    /** A listener that does nothing. */
    BackfillListener NONE = new BackfillListener() {};

    /** The backfill waits for the given reason: before it can begin, or for rows that others have locked. */
    default void waiting(String entity, String reason) {}

    /** A batch was copied and its checkpoint committed. */
    default void batchCopied(Progress progress) {}
}
