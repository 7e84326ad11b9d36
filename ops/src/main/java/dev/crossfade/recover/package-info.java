/**
 * What an operator decides where the databases disagree about an entity's past: shows what each side has alone, carries
 * the decision out, and ends the freeze. Uses {@code verify} and the core's rooms below it.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.recover;

import org.jspecify.annotations.NullMarked;
