/**
 * The conditions of a stage change, one class each. Start at {@code Gates}, which lists them in the order in which
 * operators read them; {@code GateSettings} is what they require.
 *
 * <p>A gate answers {@code Open}, or {@code Closed} with what was seen, what is required and the command that helps,
 * or that the step does not concern it. It relies on evidence in the control tables; {@code Proofs} tells whether that
 * is about the mapping and the tables as they are now.
 *
 * <p>The law of this room: a gate only reads; evidence that cannot be read closes it. Uses {@code shadow}, {@code
 * trial}, {@code check}, {@code flags}, {@code queue}, {@code fleet}, {@code mapping}, {@code control}, {@code sql},
 * {@code model} and {@code time}.the rooms below.
 *
 * <p>For services and operators: {@code GateSettings}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.gate;

import org.jspecify.annotations.NullMarked;
