/**
 * Renames and forgets entities, with everything that is recorded under their names. Uses {@code capture} and the core.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.entities;

import org.jspecify.annotations.NullMarked;
