/**
 * Connections of the command line to the databases that the settings name, and what to do when there is none. Uses
 * {@code cli.settings}, the core's {@code control} and {@code model}. Home of HikariCP in this module.
 */
@NullMarked
package dev.crossfade.cli.connection;

import org.jspecify.annotations.NullMarked;
