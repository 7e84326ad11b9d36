/**
 * The SQL that is rendered from a mapping. Start at {@code ProjectionSql}: it reads the rows of the authoritative
 * side and writes the mirror's. {@code Upsert} writes a row, {@code BoundRows} and {@code RowBinding} bind any number
 * of rows, {@code GivenSql} compares the stored row with what a caller gave, {@code WayBackSql} compares what comes
 * back from the mirror, and {@code UniqueRuleSql} and {@code ReferenceSql} find the rows that block another row.
 *
 * <p>A row's way: it is read by its key, projected on the server that has it, bound as text or kept within one
 * statement, and written by the same upsert on the live path, in the worker, in the backfill and in a repair.
 *
 * <p>The law of this room: a mirror row is made from the authoritative row, never from what a caller gave; names are
 * rendered by jOOQ and values bound. Uses {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.statement;

import org.jspecify.annotations.NullMarked;
