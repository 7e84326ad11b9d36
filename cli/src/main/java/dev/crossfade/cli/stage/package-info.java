/**
 * Commands that move entities between stages, and set which reads the modern side answers. Start at {@code StageCommand}.
 * {@code RampChoice} decides how much moves to {@code modern-read}, {@code WaitProgress} says what a step waits for. The law:
 * no reads move unasked, and no gate is passed without a reason that is recorded.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.stage;

import org.jspecify.annotations.NullMarked;
