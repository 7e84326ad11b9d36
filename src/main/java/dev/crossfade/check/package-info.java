/**
 * Checks a mapping against the live tables. Start at {@code MappingCheck}, which reads the catalogs once and then
 * runs the checks one by one: structure, shapes, roles, expressions, rows and their round trip. Each reports all
 * problems, not only the first; a {@code Finding} has a path into the mapping file, what was seen and what to do.
 *
 * <p>The server tells what an expression reads ({@code ExpressionReads}: a temporary view and its dependencies), its
 * words are not trusted for that; its values are evaluated in the database where it will run ({@code Probe}).
 *
 * <p>The law of this room: it changes nothing, and a row that cannot be read is a finding, not the end of the check.
 * Uses {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Finding}, {@code MappingCheck}; the other public types are public for
 * Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.check;

import org.jspecify.annotations.NullMarked;
