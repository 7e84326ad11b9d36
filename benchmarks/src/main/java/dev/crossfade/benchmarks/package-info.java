/** Measures what mirroring costs, as ratios within one run. */
@NullMarked
package dev.crossfade.benchmarks;

import org.jspecify.annotations.NullMarked;
