/**
 * What every suite shares: fresh durable servers, contests whose variants take turns round by round, JMH in the same
 * manner, and reports of medians and ratios. Uses no suite. Home of JMH and HdrHistogram.
 */
@NullMarked
package dev.crossfade.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
