/**
 * The web server of long-running commands. Home of the JDK's web server; uses the core's {@code model}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.http;

import org.jspecify.annotations.NullMarked;
