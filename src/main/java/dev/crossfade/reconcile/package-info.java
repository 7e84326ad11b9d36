/**
 * Brings the mirror of keys up to date from the authoritative side: one mechanism for the live path and the worker.
 * Uses {@code queue}, {@code statement}, {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Drain}, {@code Outcome}, {@code ReconcileListener}, {@code Reconciler}; the
 * other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.reconcile;

import org.jspecify.annotations.NullMarked;
