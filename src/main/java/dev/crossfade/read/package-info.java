/**
 * Decides which side answers a read: the stage and its ramp choose one; pending keys and failures of the modern side
 * redirect the read to the authoritative one. Uses {@code guard}, {@code stages}, {@code flags}, {@code mapping},
 * {@code control} and {@code model}.
 *
 * <p>Start at {@code Reads}; {@code RampedReads} picks the side for one key.
 *
 * <p>The law: a read sees what this instance wrote before it. A side that may be stale does not answer.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.read;

import org.jspecify.annotations.NullMarked;
