/**
 * Commands that move entities between stages, and set which reads the modern side answers.
 */
@NullMarked
package dev.crossfade.cli.stage;

import org.jspecify.annotations.NullMarked;
