/**
 * The conditions of a stage change, one class each. Uses the control tables, {@code flags}, {@code check} and
 * {@code trial}.
 */
@NullMarked
package dev.crossfade.gate;

import org.jspecify.annotations.NullMarked;
