/**
 * Writes sample rows and generated ones to each side, reads them back, compares, and rolls back. Start at {@code
 * TrialWrite}. It finds what no catalog shows: triggers that change rows, rules, policies, defaults, truncation.
 *
 * <p>The law of this room: nothing is committed, and every statement is marked as a trial, for triggers that ask. Uses
 * {@code check}, {@code statement}, {@code mapping}, {@code control}, {@code sql}, {@code model} and {@code time}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.trial;

import org.jspecify.annotations.NullMarked;
