/**
 * The log on standard error, as text or as JSON lines.
 */
@NullMarked
package dev.crossfade.cli.log;

import org.jspecify.annotations.NullMarked;
