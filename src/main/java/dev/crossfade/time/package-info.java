/**
 * Time and waiting, on the JDK alone: code that depends on the clock reads it here, so that a test can advance it by
 * hand. Uses no other room.
 *
 * <ul>
 *   <li>Start at {@code Ticker}, elapsed time and waiting; {@code Ticker.SYSTEM} is the real one.
 *   <li>Waiting: {@code Pause} on the caller's thread, {@code Poller} for a thread that repeats its work, {@code
 *         Backoff} for how long to wait after each failure.
 *   <li>Deciding: {@code Deadline} is when a wait ends, {@code Pace} when a task is due again.
 *   <li>Words: {@code DurationText} is how a duration is written, in settings and in messages.
 * </ul>
 *
 * <p>The law of this room: nothing outside it sleeps or creates a thread; the architecture tests enforce that. Every
 * thread is a named daemon, and an interruption ends every wait.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.time;

import org.jspecify.annotations.NullMarked;
