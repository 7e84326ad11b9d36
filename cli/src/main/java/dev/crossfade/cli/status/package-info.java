/**
 * Commands that show where everything stands, and what is wrong with the mapping.
 */
@NullMarked
package dev.crossfade.cli.status;

import org.jspecify.annotations.NullMarked;
