/**
 * The suite {@code strategies}: changes a table under load by big bang, by naive dual write, and with Crossfade. Uses
 * the {@code harness}, {@code accounts}, Crossfade's public interface, and {@code crossfade-ops} for backfill and
 * verification.
 */
@NullMarked
package dev.crossfade.benchmarks.strategies;

import org.jspecify.annotations.NullMarked;
