/**
 * Time and waiting, on the JDK alone: what decides by the clock asks it here, so that a test can turn the clock on by
 * hand. Uses no other room.
 *
 * <ul>
 *   <li>Start at {@code Ticker}, the time that passes and the waiting for it; {@code Ticker.SYSTEM} is the real one.
 *   <li>Waiting: {@code Pause} on the caller's thread, {@code Poller} for a thread of ours that does the same again and
 *       again, {@code Backoff} for how long to wait after each failure.
 *   <li>Deciding: {@code Deadline} is the end of a patience, {@code Pace} what is due again after a while.
 *   <li>Words: {@code DurationText} is how a duration is written, in settings and in messages.
 * </ul>
 *
 * <p>The law of this room: nothing outside it sleeps or makes a thread, which the architecture tests hold. Every thread
 * of ours is a daemon with a name, and every wait ends with an interruption.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.time;

import org.jspecify.annotations.NullMarked;
