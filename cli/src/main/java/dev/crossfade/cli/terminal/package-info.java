/**
 * The terminal: lines, tables, colours, progress, questions, and signals. Nothing in a text that is shown may control it
 * ({@link dev.crossfade.cli.terminal.PlainText}), and no login of a URL is shown.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.terminal;

import org.jspecify.annotations.NullMarked;
