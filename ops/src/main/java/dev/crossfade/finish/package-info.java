/**
 * The end of a migration. Start at {@code Finish}, which says what is left to do for an entity, and at
 * {@code Uninstall}, which drops Crossfade's own schema.
 *
 * <p>The law of this room: {@code Finish} changes nothing; {@code Uninstall} runs only when nothing needs the schema
 * ({@code Needs}) and nobody else's objects would be dropped with it ({@code OutsideUses}). Uses {@code schema},
 * {@code capture} and the core.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.finish;

import org.jspecify.annotations.NullMarked;
