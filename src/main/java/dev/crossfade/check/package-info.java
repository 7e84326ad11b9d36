/**
 * Holds a mapping against the live tables. Start at {@code MappingCheck}, which asks the catalogs once and then runs
 * the checks one by one: structure, shapes, roles, expressions, rows and their way there and back. Each finds all that
 * is wrong, not the first of it; a {@code Finding} has a path into the mapping file, what was seen and what to do.
 *
 * <p>What an expression reads is asked of the server ({@code ExpressionReads}: a temporary view and its dependencies)
 * and not guessed from its words; what it gives is evaluated in the database where it will run ({@code Probe}).
 *
 * <p>The law of this room: it changes nothing, and a row that cannot be read is a finding of its entity, not the end of
 * the check. Uses {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Finding}, {@code MappingCheck}; the other public types are public for
 * Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.check;

import org.jspecify.annotations.NullMarked;
