/**
 * The end of a migration: what is left to do for a contracted entity, and taking Crossfade's own schema out of the
 * databases. Uses {@code schema}, {@code capture} and the core.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.finish;

import org.jspecify.annotations.NullMarked;
