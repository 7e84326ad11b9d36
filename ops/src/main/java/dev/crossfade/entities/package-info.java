/**
 * Names of entities: what is recorded under one, giving it another, forgetting it. Uses {@code capture} and the core.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.entities;

import org.jspecify.annotations.NullMarked;
