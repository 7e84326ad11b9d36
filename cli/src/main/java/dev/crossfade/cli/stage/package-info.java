/**
 * Commands that move entities between stages, and set which reads the modern side answers. Start at
 * {@code StageCommand}. {@code RampChoice} decides how many reads move with the step to {@code modern-read},
 * {@code WaitProgress} reports what a step waits for. The law: no reads move without being asked for, and no closed
 * gate is passed without a recorded reason.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.cli.stage;

import org.jspecify.annotations.NullMarked;
