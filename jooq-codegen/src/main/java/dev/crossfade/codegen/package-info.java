/**
 * jOOQ's code generator with ours beside it: records and repositories from the mapping file, checked against the tables
 * that the service's scripts and migrations make in an embedded PostgreSQL. Uses ops' {@code mappingfile} and
 * {@code schema}, the core's {@code control}, {@code mapping} and {@code model}, and names its {@code routing} in what
 * it generates.
 */
@NullMarked
package dev.crossfade.codegen;

import org.jspecify.annotations.NullMarked;
