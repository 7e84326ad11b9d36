/**
 * Micrometer meters, fed by the listeners that the other rooms declare. Home of Micrometer.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.metrics;

import org.jspecify.annotations.NullMarked;
