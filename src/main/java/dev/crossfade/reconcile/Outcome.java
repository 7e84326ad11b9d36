package dev.crossfade.reconcile;

import dev.crossfade.model.RecordKey;

/** How reconciling one key ended. */
public sealed interface Outcome {

    /** Returns the key. */
    RecordKey key();

    /** The mirror is up to date with every given intent. */
    record Applied(RecordKey key) implements Outcome {}

    /**
     * The key is locked by another applier, or waits for a row that it refers to, or its entity has no mirror now or
     * is frozen; its intents are kept.
     */
    record Deferred(RecordKey key) implements Outcome {}

    /** The mirror refused the row; it is recorded as a missed write and its intents are deleted. */
    record Missed(RecordKey key) implements Outcome {}
}
