/**
 * What is still to be mirrored. Start at {@code Intents}, durable notes in the database that decided, and at
 * {@code MissedWrites}, keys whose row did not fit; {@code PendingKeys} are those of this instance, in memory.
 *
 * <p>The way of a key: a write notes an {@code Intent} in its own transaction; whoever applies it deletes the note; a row
 * that does not fit becomes a missed write with its reason and its next try ({@code RetrySettings}), and an operator
 * decides about it ({@code QueueActions}, who is recorded). {@code MirrorRecords} tells between two databases what an
 * applier had seen, {@code LossyKeys} which rows the way back would not give back.
 *
 * <p>The law of this room: nothing is forgotten but by whoever has seen the mirror up to date, or by an operator with a
 * reason. Uses {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Intents}, {@code MissedWrites}, {@code RetrySettings}; the other public
 * types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.queue;

import org.jspecify.annotations.NullMarked;
