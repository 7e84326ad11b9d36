/**
 * Commands on the rows of the tables: copy, verify, repair and recover them, and capture writes to them. Start at
 * {@code BackfillCommand}. The law: several entities are processed one after the other, parents first, and a failure
 * of one does not keep the others from it ({@code EachEntity}). Long work shows its progress, can be stopped, and
 * resumes where it stopped.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.rows;

import org.jspecify.annotations.NullMarked;
