/**
 * Togglz flags as people move them, and the guarded change between stages that a flag means. Start at
 * {@code StageChanger}: it asks the gates and then either records the step ({@code StageLog}) or, where the authority
 * moves to the other side, hands it to {@code AuthorityFlip}.
 *
 * <p>The way of a flip: the leftovers are worked off, the step is announced to the modern database, the locks are taken
 * for at most a {@code Window}, the last look is taken under them, the step is recorded in the control database, and
 * whoever finds it recorded but not carried out completes it ({@code HalfDoneFlip}, {@code StandingRecovery}).
 *
 * <p>The law of this room: no flip commits while an intent exists, and nobody's writes stand longer than the window.
 * Argued in docs/protocol.md. Home of Togglz. Uses {@code reconcile}, {@code queue}, {@code mapping},
 * {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code AuthorityFlip}, {@code Gate}, {@code GateListener},
 * {@code GatesClosedException}, {@code Ramp}, {@code StageChanger}, {@code StageLog}; the other public types are
 * public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.flags;

import org.jspecify.annotations.NullMarked;
