/**
 * Commands on the rows of the tables: copy, prove and repair them, decide about them, capture who writes them.
 */
@NullMarked
package dev.crossfade.cli.rows;

import org.jspecify.annotations.NullMarked;
