/**
 * Names of entities: what is recorded under one, giving it another, forgetting it. Uses {@code capture} and the core.
 */
@NullMarked
package dev.crossfade.entities;

import org.jspecify.annotations.NullMarked;
