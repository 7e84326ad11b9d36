/** The running service processes and the stages that each has acknowledged. Uses {@code control} and {@code model}. */
@NullMarked
package dev.crossfade.fleet;

import org.jspecify.annotations.NullMarked;
