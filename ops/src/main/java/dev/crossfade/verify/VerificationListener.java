package dev.crossfade.verify;

/** Hears about the progress of a verification, on the verifying thread. */
public interface VerificationListener {

    /** A listener that does nothing. */
    VerificationListener NONE = new VerificationListener() {};

    /** The verification waits for the given reason, before it can begin. */
    default void waiting(String entity, String reason) {}

    /** Some more rows were compared. */
    default void progressed(long rowsDone, long rowsTotal) {}
}
