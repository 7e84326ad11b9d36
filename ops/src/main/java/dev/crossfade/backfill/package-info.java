/**
 * Copies the rows that existed before writes were mirrored, in batches, under traffic. Start at {@code Backfill}.
 *
 * <p>The way of a row: it is read in key order after the checkpoint, projected, and inserted by the {@code BatchCopy}
 * of its topology. It never overwrites a row. {@code BatchSize} shrinks the batch when others wait for it.
 * {@code MissedRows} records a row that does not fit, together with the checkpoint behind it.
 *
 * <p>The law of this room: a live write is always newer than what a backfill read, and a checkpoint holds for the
 * table it was made for, not for a recreated one. Uses the core's rooms below it.
 */
@NullMarked
package dev.crossfade.backfill;

import org.jspecify.annotations.NullMarked;
