/**
 * The terminal: lines, tables, colours, progress, questions, and signals. No text that is shown may control it
 * ({@link dev.crossfade.cli.terminal.PlainText}), and no login in a URL is shown.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.terminal;

import org.jspecify.annotations.NullMarked;
