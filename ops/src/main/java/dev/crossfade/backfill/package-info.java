/**
 * Copies the rows that were there before writes were mirrored, in batches, under traffic. Start at {@code Backfill}.
 *
 * <p>The way of a row: read in key order behind the checkpoint, projected, and inserted by a {@code BatchCopy} of its
 * topology, never over what is there; {@code BatchSize} gives way to whoever waits; a row that does not fit is recorded
 * by {@code MissedRows} together with the checkpoint behind it.
 *
 * <p>The law of this room: a live write is newer than what a backfill read, always; the checkpoint is about this very
 * table. Uses the core's rooms below it.
 */
@NullMarked
package dev.crossfade.backfill;

import org.jspecify.annotations.NullMarked;
