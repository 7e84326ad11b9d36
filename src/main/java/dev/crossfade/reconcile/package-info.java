/**
 * Brings the mirror of keys up to date from the authoritative side: one mechanism for the live path, the worker and
 * repairs. Start at {@code Reconciler}: it takes a batch of keys and tells how each ended.
 *
 * <p>The way of a key: {@code LiveApplier} (this instance's own) or {@code Drain} (whoever's) hands it over; a
 * {@code Transfer} locks, reads the authoritative row as it is now and writes the mirror, in one database
 * ({@code SharedTransfer}) or two ({@code SeparateTransfer}); {@code MirrorBatch} finds the rows that do not fit among
 * the others, and {@code RefusedKeys} records them. Rows that fit only together get another try: {@code Exchanges} for
 * values that are swapped, {@code WaitingRows} and {@code Circles} for rows that refer to each other.
 *
 * <p>The law of this room: a lock and what it protects are two statements; the row is read after the lock; an intent is
 * deleted only in, or after, the transaction that has written what it asks for. Uses {@code queue}, {@code statement},
 * {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Drain}, {@code Outcome}, {@code ReconcileListener}, {@code Reconciler};
 * the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.reconcile;

import org.jspecify.annotations.NullMarked;
