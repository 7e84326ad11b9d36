/**
 * The suite {@code dual-write}: what it costs to save on both sides, beside what is written by hand for it. Uses the
 * {@code harness}, {@code accounts} and Crossfade's public interface.
 */
@NullMarked
package dev.crossfade.benchmarks.dualwrite;

import org.jspecify.annotations.NullMarked;
