/**
 * The databases that Crossfade works on and its own schema in them: tables, creation, upgrades. Uses
 * {@code sql} and {@code model}.
 */
@NullMarked
package dev.crossfade.control;

import org.jspecify.annotations.NullMarked;
