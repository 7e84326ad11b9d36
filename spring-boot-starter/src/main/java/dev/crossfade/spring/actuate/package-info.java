/**
 * Crossfade in Spring Boot's actuator: its health and its endpoint. Uses the core's entry, {@code fleet},
 * {@code flags}, {@code mapping} and {@code model}.
 */
@NullMarked
package dev.crossfade.spring.actuate;

import org.jspecify.annotations.NullMarked;
