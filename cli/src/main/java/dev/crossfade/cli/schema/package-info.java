/**
 * Commands on schemas and names: Crossfade's own schema, migrations, entities, and the end of an entity. Start at
 * {@code MigrateUpCommand}; {@code MigrationNarrator} reports on standard error how a run gets on. The law: whatever
 * can be refused is refused before anything is done.
 */
@NullMarked
package dev.crossfade.cli.schema;

import org.jspecify.annotations.NullMarked;
