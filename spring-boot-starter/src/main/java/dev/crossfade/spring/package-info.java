/**
 * Crossfade in Spring Boot. {@code autoconfigure} may use {@code transaction} and {@code actuate}, which do not use
 * each other. All three use the core, and no other part of Crossfade.
 */
@NullMarked
package dev.crossfade.spring;

import org.jspecify.annotations.NullMarked;
