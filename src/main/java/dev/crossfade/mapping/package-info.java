/**
 * How a modern row follows from a legacy row, and back: the declaration. Start at {@code TableMapping}: two
 * {@code Relation}s, their key, an expression for each column and the column's role. {@code Projection} is one
 * direction of it, from the side that decides to the mirror. {@code Column} knows what a type needs to be stored,
 * compared and told as the text of a key; {@code KeyTypes} which types can be one.
 *
 * <p>The law of this room: every column of the modern side has exactly one of {@code Roles}, and the text of a key is
 * total, injective and free of the session.
 *
 * <p>SQL is rendered from it in {@code statement}, and held against the live tables in {@code check}. Uses
 * {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Column}, {@code TableMapping}; the other public types are public for
 * Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.mapping;

import org.jspecify.annotations.NullMarked;
