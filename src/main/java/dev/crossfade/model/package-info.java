/** The words of Crossfade as types: sides, stages, keys and the exceptions. Uses the JDK alone. */
@NullMarked
package dev.crossfade.model;

import org.jspecify.annotations.NullMarked;
