/**
 * The repositories' base: writes the authoritative side, mirrors within the mirror budget or leaves an intent, and
 * picks the side that answers a read. Home of Resilience4j. Uses {@code shadow}, {@code stages}, {@code flags},
 * {@code queue}, {@code statement}, {@code mapping}, {@code control}, {@code sql} and {@code model}.
 */
@NullMarked
package dev.crossfade.routing;

import org.jspecify.annotations.NullMarked;
