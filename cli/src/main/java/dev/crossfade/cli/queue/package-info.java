/**
 * Commands on what waits for the mirror, and on differences that were found: intents, missed writes, shadow reads,
 * lossy writes. Start at {@code QueueListCommand}; commands that decide share {@code QueueActingCommand}, which takes
 * the filter, who acts and why. The law: a mistake in an option is found before there is a connection, and a command
 * for one key says so when that key has nothing.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.queue;

import org.jspecify.annotations.NullMarked;
