/**
 * Proves the two sides equal, or names the rows that are not. Uses the core's rooms below it.
 *
 * <p>For services and operators: {@code BlastRadius}, {@code Difference}, {@code RepairMode}, {@code Survey},
 * {@code Sweep}, {@code SweepCycle}, {@code SweepListener}, {@code Verification}, {@code VerificationListener}; the
 * other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.verify;

import org.jspecify.annotations.NullMarked;
