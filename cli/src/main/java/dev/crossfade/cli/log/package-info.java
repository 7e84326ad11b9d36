/**
 * The log on standard error, as text or as JSON lines.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.log;

import org.jspecify.annotations.NullMarked;
