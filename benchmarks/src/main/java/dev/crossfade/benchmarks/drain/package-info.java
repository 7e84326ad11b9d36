/**
 * The suite {@code drain}: how fast a backlog of intents is drained, compared with one statement for all keys and with
 * transaction-outbox. Uses the {@code harness}, {@code accounts} and Crossfade's public interface.
 */
@NullMarked
package dev.crossfade.benchmarks.drain;

import org.jspecify.annotations.NullMarked;
