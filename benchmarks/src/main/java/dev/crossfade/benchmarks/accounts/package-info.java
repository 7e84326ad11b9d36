/**
 * The entity that suites measure: narrow accounts on both sides, in the form that the code generator writes, and their
 * moves between stages. Uses Crossfade's public interface alone.
 */
@NullMarked
package dev.crossfade.benchmarks.accounts;

import org.jspecify.annotations.NullMarked;
