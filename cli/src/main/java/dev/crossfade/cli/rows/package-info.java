/**
 * Commands on the rows of the tables: copy, prove and repair them, decide about them, capture who writes them. Start at
 * {@code BackfillCommand}. The law: several entities are worked on one after the other, parents first, and one that fails
 * keeps no other from its turn ({@code EachEntity}); long work shows how far it is, can be stopped, and goes on where it
 * stopped.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.rows;

import org.jspecify.annotations.NullMarked;
