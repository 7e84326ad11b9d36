/**
 * Connections of the operator's tools to the databases that the settings name. Start at {@code ConnectionPools};
 * {@code ConnectionCheck} looks at a database before there is a pool.
 *
 * <p>The law of this room: a failure names the database, its message in one line, and the setting to look at
 * ({@code ConnectionFailure}, {@code Trouble}). It contains no login. Uses {@code settings}, the core's
 * {@code control}, {@code sql} and {@code model}. Home of HikariCP in this module.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.connection;

import org.jspecify.annotations.NullMarked;
