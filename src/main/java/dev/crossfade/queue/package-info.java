/**
 * What is still to be mirrored: durable intents and missed writes, and this instance's own pending keys. Uses
 * {@code mapping}, {@code control}, {@code sql} and {@code model}.
 */
@NullMarked
package dev.crossfade.queue;

import org.jspecify.annotations.NullMarked;
