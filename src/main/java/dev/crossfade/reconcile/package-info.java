/**
 * Brings the mirror of keys up to date from the authoritative side: one mechanism for the live path and the worker.
 * Uses {@code queue}, {@code statement}, {@code mapping}, {@code control}, {@code sql} and {@code model}.
 */
@NullMarked
package dev.crossfade.reconcile;

import org.jspecify.annotations.NullMarked;
