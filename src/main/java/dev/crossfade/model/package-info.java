/**
 * The words of Crossfade as types: sides, stages, keys and the exceptions. Uses the JDK alone.
 *
 * <p>For services and operators: {@code CrossfadeException}, {@code HeartbeatLostException},
 * {@code InvalidInputException}, {@code RecordKey}, {@code RefusedException}, {@code Side}, {@code Stage},
 * {@code StageMovedException}, {@code StatementException}, {@code UnavailableException}; the other public types are
 * public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.model;

import org.jspecify.annotations.NullMarked;
