package dev.crossfade.reconcile;

import dev.crossfade.model.RecordKey;

/** How reconciling one key ended. */
public sealed interface Outcome {

    /** Returns the key. */
    RecordKey key();

    /** The mirror is up to date with every intent that was given. */
    record Applied(RecordKey key) implements Outcome {}

    /**
     * The key is being worked on elsewhere, or waits for a row that it refers to, or its entity has no mirror now or is
     * frozen; its intents are still there.
     */
    record Deferred(RecordKey key) implements Outcome {}

    /** The row does not fit; it is recorded as a missed write and its intents are gone. */
    record Missed(RecordKey key) implements Outcome {}
}
