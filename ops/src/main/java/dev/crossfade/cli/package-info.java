/** The {@code crossfade} command line: reads arguments, calls the rooms below, and prints what they answer. */
@NullMarked
package dev.crossfade.cli;

import org.jspecify.annotations.NullMarked;
