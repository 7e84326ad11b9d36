/** The command that drains what services leave behind, and its answers over HTTP. */
@NullMarked
package dev.crossfade.cli.worker;

import org.jspecify.annotations.NullMarked;
