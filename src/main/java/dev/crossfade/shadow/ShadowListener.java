package dev.crossfade.shadow;

/** Listens to the outcome of sampled reads. Must not throw or block. */
public interface ShadowListener {

    /** A sampled read was compared, on the comparing thread. */
    default void shadowCompared(String entity, Pairing pairing, ShadowOutcome outcome) {}

    /** A sampled read was not compared because too many were waiting; on the caller's thread. */
    default void shadowDropped(String entity) {}
}
