/**
 * The suite {@code isolation}: how long callers wait for a save while the mirror is in trouble, compared with
 * LaunchDarkly's {@code Migration}. Uses the {@code harness}, {@code accounts}, {@code launchdarkly} and Crossfade's
 * public interface.
 */
@NullMarked
package dev.crossfade.benchmarks.isolation;

import org.jspecify.annotations.NullMarked;
