/**
 * Commands on schemas and names: Crossfade's own schema, migrations, entities, and the end of an entity. Start at
 * {@code MigrateUpCommand}; {@code MigrationNarrator} reports the progress of a run on standard error. The law:
 * whatever can be refused is refused before anything is done.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.schema;

import org.jspecify.annotations.NullMarked;
