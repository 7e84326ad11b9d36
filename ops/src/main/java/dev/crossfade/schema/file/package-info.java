/**
 * Migration files: what a folder of them says. Start at {@code DirectoryReader}, which reads the folder and refuses
 * everything that is wrong in it at once; a {@code MigrationScript} is one file cut into statements. Nothing here talks
 * to a database. Uses the core's {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Migration}, {@code MigrationDirectory}, {@code MigrationScript}, {@code
 * MigrationVersion}, {@code Phase}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.schema.file;

import org.jspecify.annotations.NullMarked;
