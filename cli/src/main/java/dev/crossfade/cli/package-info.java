/**
 * The command line. Start at {@link dev.crossfade.cli.Main}, which lists every command.
 *
 * <p>The way of a command: {@code Main} creates it with the {@code Invocation}, and picocli fills in its options.
 * {@code call} opens a session of {@code operate}, asks a reader or takes an action, and prints the record, as JSON or
 * through the {@code …Text} beside the command. {@code Failures} turns a failure into one message and an exit code.
 *
 * <p>Commands are in packages by subject: {@code status}, {@code stage}, {@code schema}, {@code rows}, {@code queue},
 * {@code worker}. These use {@code invocation}, {@code terminal} and {@code log}, and not each other.
 */
@NullMarked
package dev.crossfade.cli;

import org.jspecify.annotations.NullMarked;
