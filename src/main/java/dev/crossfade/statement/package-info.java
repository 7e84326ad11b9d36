/**
 * The SQL that is rendered from a mapping. Start at {@code ProjectionSql}: it reads the rows of the side that decides
 * and writes the mirror's. {@code Upsert} is how a row is put, {@code BoundRows} and {@code RowBinding} how many rows
 * are bound, {@code GivenSql} compares what was stored with what a caller gave, {@code WayBackSql} what comes back from
 * the mirror, and {@code UniqueRuleSql} and {@code ReferenceSql} look up who stands in a row's way.
 *
 * <p>The way of a row: read by its key, projected on the server that has it, bound as text or kept within one
 * statement, and put into the mirror by the same upsert whether the live path, the worker, the backfill or a repair
 * does it.
 *
 * <p>The law of this room: a mirror row is made from the authoritative row, never from what a caller gave; names are
 * rendered by jOOQ and values bound. Uses {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.statement;

import org.jspecify.annotations.NullMarked;
