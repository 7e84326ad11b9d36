/**
 * Compares a sample of the reads between the sides, off the caller's path. Start at {@code ShadowReads}: it samples,
 * checks again after a pause, and hands differences to {@code ShadowFindings}, which stores them in batches through
 * {@code ShadowLog}.
 *
 * <p>The law of this room: no failure here ever reaches a caller, and values leave it only as {@code Redaction}. Uses
 * {@code stages}, {@code queue}, {@code statement}, {@code mapping}, {@code control}, {@code sql}, {@code model} and
 * {@code time}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.shadow;

import org.jspecify.annotations.NullMarked;
