/**
 * The executable. Start at {@link dev.crossfade.cli.Main}, which lists every command.
 *
 * <p>The way of a command: {@code Main} makes it with the {@code Invocation}, picocli fills its options in, {@code call}
 * opens a session of {@code operate}, asks a reader or takes an action, and prints the record, as JSON or by the
 * {@code …Text} beside the command. What fails is turned into one message and an exit code by {@code Failures}.
 *
 * <p>Commands are in rooms by what they are about: {@code status}, {@code stage}, {@code schema}, {@code rows},
 * {@code queue}, {@code worker}. They use {@code invocation}, {@code terminal} and {@code log}, and not each other.
 */
@NullMarked
package dev.crossfade.cli;

import org.jspecify.annotations.NullMarked;
