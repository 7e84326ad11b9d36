/**
 * The suite {@code strategies}: the same change of the same table under the same load, by big bang, by a naive dual write
 * and with Crossfade. Uses the {@code harness}, {@code accounts}, Crossfade's public interface, and {@code crossfade-ops}
 * for backfill and verification.
 */
@NullMarked
package dev.crossfade.benchmarks.strategies;

import org.jspecify.annotations.NullMarked;
