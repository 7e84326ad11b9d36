/**
 * Connections of the operator's tools to the databases that the settings name, and what to do when there is none. Uses
 * {@code settings}, the core's {@code control} and {@code model}. Home of HikariCP in this module.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.connection;

import org.jspecify.annotations.NullMarked;
