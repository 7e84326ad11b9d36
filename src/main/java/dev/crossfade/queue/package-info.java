/**
 * The backlog of each mirror. Start at {@code Intents}, durable notes in the authoritative database, and at {@code
 * MissedWrites}, keys whose mirror write failed; {@code PendingKeys} are those of this instance, in memory.
 *
 * <p>The way of a key: a write notes an {@code Intent} in its own transaction; whoever applies it deletes the note; a
 * row that the mirror refuses becomes a missed write with its reason and next try ({@code RetrySettings}), and an
 * operator decides about it ({@code QueueActions}, with a record). {@code MirrorRecords} keeps, between two
 * databases, the snapshots of appliers; {@code LossyKeys} keeps the rows that legacy cannot give back.
 *
 * <p>The law of this room: a note is deleted only by a process that saw the mirror up to date, or by an operator with
 * a reason. Uses {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Intents}, {@code MissedWrites}, {@code RetrySettings}; the other public
 * types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.queue;

import org.jspecify.annotations.NullMarked;
