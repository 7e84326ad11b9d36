/**
 * The suite {@code overhead}: what routing costs in each stage, against the same calls made directly on the legacy
 * repository. Uses the {@code harness}, {@code accounts} and Crossfade's public interface.
 */
@NullMarked
package dev.crossfade.benchmarks.overhead;

import org.jspecify.annotations.NullMarked;
