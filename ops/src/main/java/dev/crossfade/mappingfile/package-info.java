/**
 * The mapping file, {@code crossfade.yaml}. Start at {@code MappingFile}: it reads the file, and holds it against the live
 * tables.
 *
 * <p>The way of a line: {@code YamlLimits} bounds the text before it is read as a whole; {@code DeclarationReader} makes
 * {@code Declaration}s of it and notes what is wrong with the form; {@code EntityAssembly} looks their names up in the
 * live tables, takes the types from there and makes a mapping, which {@code check} examines and {@code trial} tries.
 * {@code FileNotes} knows the line of everything, so that each finding has one.
 *
 * <p>The law of this room: what is wrong with one entity concerns that one alone. Uses {@code check}, {@code trial},
 * {@code mapping}, {@code control}, {@code sql} and {@code model}.
 */
@NullMarked
package dev.crossfade.mappingfile;

import org.jspecify.annotations.NullMarked;
