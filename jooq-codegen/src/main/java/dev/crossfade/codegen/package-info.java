/**
 * Adds Crossfade's code generator to jOOQ's. It generates records and repositories from the mapping file, checked
 * against the tables that the service's scripts and migrations create in an embedded PostgreSQL. Uses ops'
 * {@code mappingfile} and {@code schema}, the core's {@code control}, {@code mapping} and {@code model}, and names its
 * {@code routing} in what it generates.
 */
@NullMarked
package dev.crossfade.codegen;

import org.jspecify.annotations.NullMarked;
