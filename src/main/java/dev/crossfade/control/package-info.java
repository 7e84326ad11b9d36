/**
 * The databases that Crossfade works on and its own schema in them: tables, creation, upgrades. Uses
 * {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code AuthorityTable}, {@code ContractedException}, {@code ControlSchema},
 * {@code Databases}, {@code FrozenException}, {@code OtherMappingException}, {@code StandingChangedException}; the
 * other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.control;

import org.jspecify.annotations.NullMarked;
