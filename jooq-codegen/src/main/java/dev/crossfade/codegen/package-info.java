/** Generates records and repositories from the mapping file, checked against the real tables. */
@NullMarked
package dev.crossfade.codegen;

import org.jspecify.annotations.NullMarked;
