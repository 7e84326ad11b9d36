/**
 * Commands on what waits for the mirror, and on what was seen to differ: intents, missed writes, shadow reads, lossy writes.
 */
@NullMarked
package dev.crossfade.cli.queue;

import org.jspecify.annotations.NullMarked;
