/** The suite {@code flip}: how long saves take while the authority moves. */
@NullMarked
package dev.crossfade.benchmarks.flip;

import org.jspecify.annotations.NullMarked;
