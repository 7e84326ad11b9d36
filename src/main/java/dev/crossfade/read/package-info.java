/**
 * Which side answers a read: the stage and its ramp say which one is wanted, pending keys and failures of the modern
 * side send it to the one that decides. Uses {@code guard}, {@code stages}, {@code flags}, {@code mapping},
 * {@code control} and {@code model}.
 *
 * <p>Start at {@code Reads}; {@code RampedReads} picks the side for one key.
 *
 * <p>The law: a read sees what this instance wrote before it. A side that may be behind does not answer.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.read;

import org.jspecify.annotations.NullMarked;
