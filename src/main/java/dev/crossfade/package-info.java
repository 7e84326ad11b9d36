/** The way in for a service: {@link dev.crossfade.Crossfade} puts the rooms together. */
@NullMarked
package dev.crossfade;

import org.jspecify.annotations.NullMarked;
