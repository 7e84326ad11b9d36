/**
 * The command {@code benchmarks/run}: picks a suite, prints its report, and turns goals into an exit code. Uses the
 * {@code harness} and every suite; nothing uses it.
 */
@NullMarked
package dev.crossfade.benchmarks;

import org.jspecify.annotations.NullMarked;
