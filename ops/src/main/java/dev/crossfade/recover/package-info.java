/**
 * What an operator decides where the databases disagree about an entity's past. Start at {@code Recovery}: it shows what
 * each side has alone ({@code Picture}), what a decision would cost ({@code Losses}), and carries it out.
 *
 * <p>The way of a decision: recorded first ({@code RecoveryLog}), so that an interrupted one is completed and not taken
 * again; rows of the winner are written to the side that decides ({@code Restoration}), or left for the worker; the
 * freeze ends last.
 *
 * <p>The law of this room: what was written since on the side that decides is never overwritten, and rows that may be the
 * last copies go only with somebody's word. Uses {@code verify} and the core's rooms below it.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.recover;

import org.jspecify.annotations.NullMarked;
