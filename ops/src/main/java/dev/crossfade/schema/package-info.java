/**
 * The migration runner: versioned up and down files, their history in the database, and running them so that nothing is
 * half done. Uses the core's {@code control}, {@code mapping} (its SQL scanner) and {@code model}.
 */
@NullMarked
package dev.crossfade.schema;

import org.jspecify.annotations.NullMarked;
