package dev.crossfade.reconcile;

import dev.crossfade.model.Side;
import dev.crossfade.sql.FailureClass;

/** Listens to the reconciler. Called on the reconciling thread, after the mirror's commit. Must not throw or block. */
public interface ReconcileListener {

    /** A listener that does nothing. */
    ReconcileListener NONE = new ReconcileListener() {};

    /** The mirror of {@code keys} keys was brought up to date. */
    default void keysReconciled(String entity, Side mirror, int keys) {}

    /** Bringing keys up to date failed. */
    default void reconcileFailed(String entity, Side mirror, FailureClass failure) {}
}
