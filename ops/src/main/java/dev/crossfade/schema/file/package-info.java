/**
 * Reads migration files. Start at {@code DirectoryReader}, which reads a folder and reports all its errors at once. A
 * {@code MigrationScript} is one file, cut into statements. Nothing here talks to a database. Uses the core's
 * {@code sql} and {@code model}.
 */
@NullMarked
package dev.crossfade.schema.file;

import org.jspecify.annotations.NullMarked;
