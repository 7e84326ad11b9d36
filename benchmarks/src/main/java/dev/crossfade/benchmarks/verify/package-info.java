/**
 * The suite {@code verify}: what a proof of equality costs beside the cheapest query that somebody would write for it
 * by hand. Start at {@code VerifySuite}. Uses {@code harness}, the topologies of {@code accounts}, and
 * {@code crossfade-ops}.
 */
@NullMarked
package dev.crossfade.benchmarks.verify;

import org.jspecify.annotations.NullMarked;
