/**
 * The conditions of a stage change, one class each. Uses the control tables, {@code flags}, {@code check} and
 * {@code trial}.
 *
 * <p>For services and operators are {@code GateSettings}; the other public types are public for Crossfade's own
 * packages.
 *
 * <p>For services and operators are {@code GateSettings}; the other public types are public for Crossfade's own
 * packages.
 */
@NullMarked
package dev.crossfade.gate;

import org.jspecify.annotations.NullMarked;
