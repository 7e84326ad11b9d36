/**
 * How a modern row follows from a legacy row, and back: the mapping, its directions, the SQL rendered from it and the
 * check against live tables. Uses {@code control} and {@code model}.
 */
@NullMarked
package dev.crossfade.mapping;

import org.jspecify.annotations.NullMarked;
