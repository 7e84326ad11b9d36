/**
 * The conditions of a stage change, one class each. Uses {@code trial}, {@code check},
 * {@code flags}, {@code queue}, {@code fleet}, {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code GateSettings}; the other public types are public for Crossfade's own
 * packages.
 */
@NullMarked
package dev.crossfade.gate;

import org.jspecify.annotations.NullMarked;
