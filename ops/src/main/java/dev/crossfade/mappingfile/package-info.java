/**
 * The mapping file, {@code crossfade.yaml}. Start at {@code MappingFile}: it reads the file, and checks it against the
 * live tables.
 *
 * <p>The way of a line: {@code YamlLimits} checks the text's limits before it is read as a whole.
 * {@code DeclarationReader} turns it into {@code Declaration}s and notes errors of form. {@code EntityAssembly} looks
 * the names up in the live tables, takes the types from there and builds a mapping, which {@code check} examines and
 * {@code trial} tries. {@code FileNotes} knows the line of everything, so each finding has one.
 *
 * <p>The law of this room: an error in one entity concerns that entity alone. Uses {@code check}, {@code trial},
 * {@code mapping}, {@code control}, {@code sql} and {@code model}.
 */
@NullMarked
package dev.crossfade.mappingfile;

import org.jspecify.annotations.NullMarked;
