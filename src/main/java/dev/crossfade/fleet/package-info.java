/**
 * The running service processes and the stages that each has acknowledged. Uses {@code model} and {@code time}.
 *
 * <p>For services and operators: {@code Fleet}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.fleet;

import org.jspecify.annotations.NullMarked;
