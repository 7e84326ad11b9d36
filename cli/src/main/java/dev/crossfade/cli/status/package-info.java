/**
 * Commands that show the state of everything, and what is wrong with the mapping.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.status;

import org.jspecify.annotations.NullMarked;
