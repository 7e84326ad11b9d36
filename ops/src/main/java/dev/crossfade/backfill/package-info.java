/** Copies existing rows to the modern side in resumable batches. Uses the core's rooms below it. */
@NullMarked
package dev.crossfade.backfill;

import org.jspecify.annotations.NullMarked;
