/**
 * The connection that a transaction over several repositories runs on, and jOOQ's part in it. Uses {@code control},
 * {@code sql} and {@code model}.
 *
 * <p>The law: whoever began a transaction ends it; jOOQ's transactions within it are savepoints.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.transaction;

import org.jspecify.annotations.NullMarked;
