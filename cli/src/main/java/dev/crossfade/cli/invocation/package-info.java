/**
 * One run of the command line: the options that every command takes, the session that it opens, and how it prints and
 * ends. Start at {@link dev.crossfade.cli.invocation.Invocation}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.invocation;

import org.jspecify.annotations.NullMarked;
