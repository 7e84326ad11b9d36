/** Micrometer meters, fed by the listeners that the other rooms declare. Home of Micrometer. */
@NullMarked
package dev.crossfade.metrics;

import org.jspecify.annotations.NullMarked;
