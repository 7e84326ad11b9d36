/**
 * The command that works off what services leave behind, and what it answers over HTTP.
 */
@NullMarked
package dev.crossfade.cli.worker;

import org.jspecify.annotations.NullMarked;
