/**
 * Reads migration files. Start at {@code DirectoryReader}, which reads a folder and reports all its errors at once. A
 * {@code MigrationScript} is one file, cut into statements. Nothing here talks to a database. Uses the core's
 * {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code Migration}, {@code MigrationDirectory}, {@code MigrationScript}, {@code
 * MigrationVersion}, {@code Phase}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.schema.file;

import org.jspecify.annotations.NullMarked;
