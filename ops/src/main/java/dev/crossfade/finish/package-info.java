/**
 * The end of a migration. Start at {@code Finish}, which says what is left to do for an entity, and at {@code Uninstall},
 * which takes Crossfade's own schema away.
 *
 * <p>The law of this room: {@code Finish} changes nothing; {@code Uninstall} goes only when nothing needs the schema
 * ({@code Needs}) and nothing of somebody else's would go with it ({@code OutsideUses}). Uses {@code schema},
 * {@code capture} and the core.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.finish;

import org.jspecify.annotations.NullMarked;
