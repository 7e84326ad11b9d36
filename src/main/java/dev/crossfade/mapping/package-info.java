/**
 * How a modern row follows from a legacy row, and back: the declaration. Start at {@code TableMapping}: two {@code
 * Relation}s, their key, an expression for each column and the column's role. {@code Projection} is one direction of
 * it, from the side that decides to the mirror. {@code Column} knows how values of a type are stored, compared and
 * written as key text; {@code KeyTypes} knows which types can be keys.
 *
 * <p>The law of this room: every column of the modern side has exactly one of {@code Roles}, and every key has a
 * text, no two keys share one, and no session setting changes it.
 *
 * <p>{@code statement} renders SQL from it, {@code check} checks it against the live tables. Uses {@code control},
 * {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Column}, {@code TableMapping}; the other public types are public for
 * Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.mapping;

import org.jspecify.annotations.NullMarked;
