/**
 * Proves the two sides equal, or names the rows that are not, in every stage and under traffic. Start at
 * {@code Verification}, for an operator, and at {@code Sweep}, which a worker does over and over.
 *
 * <p>The way of a range: {@code Ranges} cuts the keys of both sides; a {@code Comparison} finds those that differ, by one
 * join ({@code JoinComparison}) or by hashes ({@code HashComparison}); {@code Recheck} looks at them again until each has
 * been caught at rest, as a key that is being written is no difference; what is left is a {@code Difference}, and a
 * {@code Repair} leaves an intent for it, unless that would delete or overwrite more than {@code BlastRadius} allows.
 *
 * <p>The law of this room: rows are compared as the modern table stores them, and mended by the applier alone. Uses the
 * core's rooms below it.
 *
 * <p>For services and operators: {@code BlastRadius}, {@code Difference}, {@code RepairMode}, {@code Survey},
 * {@code Sweep}, {@code SweepCycle}, {@code SweepListener}, {@code Verification}, {@code VerificationListener};
 * the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.verify;

import org.jspecify.annotations.NullMarked;
