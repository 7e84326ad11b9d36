/**
 * The suite {@code dual-write}: what it costs to save on both sides, compared with hand-written code. Uses the
 * {@code harness}, {@code accounts} and Crossfade's public interface.
 */
@NullMarked
package dev.crossfade.benchmarks.dualwrite;

import org.jspecify.annotations.NullMarked;
