/** The conditions of a stage change, one class each. Uses the control tables and {@code flags}. */
@NullMarked
package dev.crossfade.gate;

import org.jspecify.annotations.NullMarked;
