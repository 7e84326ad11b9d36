/**
 * The suite {@code routing}: what a routed call costs above the call itself, compared with LaunchDarkly's
 * {@code Migration} and Scientist4J. Uses the {@code harness}, {@code accounts}, {@code launchdarkly} and Crossfade's
 * public interface. Home of Scientist4J.
 */
@NullMarked
package dev.crossfade.benchmarks.routing;

import org.jspecify.annotations.NullMarked;
