/**
 * The mapping file, {@code crossfade.yaml}: reads it with the line of everything in it, and turns it into mappings that
 * have been held against the live tables. Uses core's {@code mapping}, {@code control} and {@code model}.
 */
@NullMarked
package dev.crossfade.mappingfile;

import org.jspecify.annotations.NullMarked;
