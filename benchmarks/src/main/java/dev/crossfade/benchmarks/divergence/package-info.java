/**
 * The suite {@code divergence}: how many keys differ between the sides after writers raced for them, beside
 * LaunchDarkly's {@code Migration}. Uses the {@code harness}, {@code accounts}, {@code launchdarkly} and Crossfade's
 * public interface.
 */
@NullMarked
package dev.crossfade.benchmarks.divergence;

import org.jspecify.annotations.NullMarked;
