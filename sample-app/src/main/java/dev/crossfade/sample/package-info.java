/** A user and order service that runs on generated repositories, and the demo that migrates it under load. */
@NullMarked
package dev.crossfade.sample;

import org.jspecify.annotations.NullMarked;
