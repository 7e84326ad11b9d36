/**
 * Decides whether the side that does not decide is worth trying: a circuit breaker and a limit on callers for each
 * entity's mirror writes, and for its modern reads. Home of Resilience4j. Uses {@code control} and {@code sql}.
 *
 * <p>Start at {@code Guards}. The law: asking never waits, and whoever was let through reports the outcome.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.guard;

import org.jspecify.annotations.NullMarked;
