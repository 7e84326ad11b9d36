/**
 * Micrometer meters, fed by the listeners that the other rooms declare. Home of Micrometer. Uses {@code routing},
 * {@code read}, {@code lossy}, {@code shadow}, {@code flags}, {@code reconcile}, {@code fleet}, {@code control},
 * {@code sql}, {@code model} and {@code time}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.metrics;

import org.jspecify.annotations.NullMarked;
