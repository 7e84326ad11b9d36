/**
 * Crossfade in Spring Boot. {@code autoconfigure} may use {@code transaction} and {@code actuate}, which know nothing
 * of each other; all three use the core, and nothing else of Crossfade's.
 */
@NullMarked
package dev.crossfade.spring;

import org.jspecify.annotations.NullMarked;
