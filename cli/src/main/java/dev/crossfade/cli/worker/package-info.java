/**
 * The command that works off what services leave behind, and what it answers over HTTP.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.worker;

import org.jspecify.annotations.NullMarked;
