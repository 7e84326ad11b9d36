/** Commands that show the state of everything, and what is wrong with the mapping. */
@NullMarked
package dev.crossfade.cli.status;

import org.jspecify.annotations.NullMarked;
