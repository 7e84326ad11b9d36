/**
 * Connections of the operator's tools to the databases that the settings name. Start at {@code ConnectionPools};
 * {@code Probe} looks whether a database can be used before there is a pool.
 *
 * <p>The law of this room: a failure says which database, what it said in one line, and which setting to look at
 * ({@code ConnectionFailure}, {@code Trouble}); no login is in it. Uses {@code settings}, the core's {@code control},
 * {@code sql} and {@code model}. Home of HikariCP in this module.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.connection;

import org.jspecify.annotations.NullMarked;
