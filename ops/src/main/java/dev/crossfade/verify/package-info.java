/**
 * Proves the two sides equal, or names the rows that are not, in every stage and under traffic. Start at
 * {@code Verification}, which an operator runs, and at {@code Sweep}, which a worker repeats.
 *
 * <p>The way of a range: {@code Ranges} cuts the keys of both sides; a {@code Comparison} finds those that differ, by
 * one join ({@code JoinComparison}) or by hashes ({@code HashComparison}); {@code Recheck} rechecks them until each is
 * at rest, as a key that is being written is not a difference. What is left is a {@code Difference}. {@code Repair}
 * leaves an intent for it, unless that would delete or overwrite more than {@code BlastRadius} allows.
 *
 * <p>The law of this room: rows are compared as the modern table stores them, and only the applier repairs them. Uses
 * the core's rooms below it.
 *
 * <p>For services and operators: {@code BlastRadius}, {@code Difference}, {@code RepairMode}, {@code Survey},
 * {@code Sweep}, {@code SweepCycle}, {@code SweepListener}, {@code Verification}, {@code VerificationListener};
 * the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.verify;

import org.jspecify.annotations.NullMarked;
