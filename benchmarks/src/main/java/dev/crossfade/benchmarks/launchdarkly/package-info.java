/**
 * LaunchDarkly's {@code Migration}, which suites measure beside Crossfade: offline, with its flag in memory and without
 * events. Home of LaunchDarkly's SDK.
 */
@NullMarked
package dev.crossfade.benchmarks.launchdarkly;

import org.jspecify.annotations.NullMarked;
