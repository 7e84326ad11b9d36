/**
 * The {@code crossfade} command line: reads arguments, calls the rooms below, and prints what they answer. Home of
 * picocli and of this module's Jackson and Logback. Uses {@code worker}, {@code backfill}, {@code verify},
 * {@code schema}, {@code mappingfile} and the core.
 */
@NullMarked
package dev.crossfade.cli;

import org.jspecify.annotations.NullMarked;
