/**
 * Whether a side that does not decide is worth trying: a circuit breaker and a bound on callers for each entity's
 * mirror writes, and for its modern reads. Home of Resilience4j. Uses {@code control} and {@code sql}.
 *
 * <p>Start at {@code Guards}. The law: asking never waits, and whoever was let through says how it ended.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.guard;

import org.jspecify.annotations.NullMarked;
