/**
 * Carries out an operator's decision where the databases disagree about an entity's past. Start at {@code Recovery}:
 * it shows what each side has alone ({@code Picture}) and what a decision would cost ({@code Losses}), and carries it
 * out.
 *
 * <p>The way of a decision: it is recorded first ({@code RecoveryLog}), so that an interrupted one is completed and
 * not made again. Then rows of the winner are written to the authoritative side ({@code Restoration}), or left for the
 * worker. The freeze ends last.
 *
 * <p>The law of this room: what was written since on the authoritative side is never overwritten, and rows that may be
 * the last copies are deleted only with somebody's consent. Uses {@code verify} and the core's rooms below it.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.recover;

import org.jspecify.annotations.NullMarked;
