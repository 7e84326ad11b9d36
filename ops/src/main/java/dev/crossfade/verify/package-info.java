/** Proves the two sides equal, or names the rows that are not. Uses the core's rooms below it. */
@NullMarked
package dev.crossfade.verify;

import org.jspecify.annotations.NullMarked;
