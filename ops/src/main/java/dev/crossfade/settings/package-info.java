/**
 * Where Crossfade's databases and files are: read from flags, the environment and a properties file, checked as a
 * whole, and handed on as records. A service may read its settings here too. Uses {@code schema}, {@code verify} and
 * {@code worker}, whose settings it reads, and the core.
 *
 * <p>For services and operators: {@code Settings}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.settings;

import org.jspecify.annotations.NullMarked;
