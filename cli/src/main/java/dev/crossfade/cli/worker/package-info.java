/**
 * The command that drains what services leave behind, and its answers over HTTP.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.worker;

import org.jspecify.annotations.NullMarked;
