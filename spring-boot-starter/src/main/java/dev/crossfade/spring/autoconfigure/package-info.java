/**
 * What Spring Boot configures by itself when this starter is on the class path: Crossfade, its place in Spring's
 * transactions, Togglz and the actuator. Each bean steps back when the service defines one of its own.
 */
@NullMarked
package dev.crossfade.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
