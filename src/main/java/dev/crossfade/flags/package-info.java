/**
 * Togglz flags as people move them, and the guarded change between stages that a flag means. Start at {@code
 * StageChanger}: it asks the gates and then either records the step ({@code StageLog}) or, if the authority moves,
 * hands it to {@code AuthorityFlip}.
 *
 * <p>The steps of a flip: drain the backlog, announce the step to the modern database, take the locks for at most a
 * {@code Window}, drain and check once more under them, and record the step in the control database. If it is
 * interrupted, {@code HalfDoneFlip} completes it; {@code StandingRecovery} settles a frozen entity.
 *
 * <p>The law of this room: no flip commits while an intent exists, and no write is blocked for longer than the window.
 * The argument is in docs/protocol.md. Home of Togglz. Uses {@code reconcile}, {@code queue}, {@code mapping}, {@code
 * control}, {@code sql}, {@code model} and {@code time}.
 *
 * <p>For services and operators: {@code AuthorityFlip}, {@code Gate}, {@code GateListener}, {@code
 * GatesClosedException}, {@code Ramp}, {@code StageChanger}, {@code StageLog}; the other public types are public for
 * Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.flags;

import org.jspecify.annotations.NullMarked;
