/**
 * What is still to be mirrored: durable intents and missed writes, and this instance's own pending keys. Uses
 * {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Intents}, {@code MissedWrites}, {@code RetrySettings}; the other public types
 * are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.queue;

import org.jspecify.annotations.NullMarked;
