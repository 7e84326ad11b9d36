/**
 * Commands on schemas and names: Crossfade's own schema, migrations, entities, and the end of an entity.
 */
@NullMarked
package dev.crossfade.cli.schema;

import org.jspecify.annotations.NullMarked;
