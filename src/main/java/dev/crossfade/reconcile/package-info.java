/**
 * Brings the mirror of keys up to date from the authoritative side: one mechanism for the live path, the worker and
 * repairs. Start at {@code Reconciler}: it takes a batch of keys and returns an outcome for each.
 *
 * <p>The way of a key: {@code LiveApplier} (this instance's own keys) or {@code Drain} (anybody's) hands it over; a
 * {@code Transfer} locks, reads the authoritative row as it is now and writes the mirror, in one database ({@code
 * SharedTransfer}) or two ({@code SeparateTransfer}); {@code MirrorBatch} finds the refused rows among the others, and
 * {@code RefusedKeys} records them. Rows that the mirror accepts only together are retried: {@code Exchanges} for
 * unique values that are swapped, {@code WaitingRows} and {@code Circles} for rows that refer to each other.
 *
 * <p>The law of this room: a lock and what it protects are two statements; the row is read after the lock; an intent
 * is deleted only in, or after, the transaction that mirrored its key. Uses {@code queue}, {@code statement}, {@code
 * mapping}, {@code control}, {@code sql}, {@code model} and {@code time}.
 *
 * <p>For services and operators: {@code Drain}, {@code Outcome}, {@code ReconcileListener}, {@code Reconciler}; the
 * other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.reconcile;

import org.jspecify.annotations.NullMarked;
