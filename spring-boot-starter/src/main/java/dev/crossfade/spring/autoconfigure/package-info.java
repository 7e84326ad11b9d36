/**
 * Configures Crossfade, its place in Spring's transactions, Togglz and the actuator when this starter is on the class
 * path. Each bean backs off when the service defines its own.
 */
@NullMarked
package dev.crossfade.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
