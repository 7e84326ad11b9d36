/**
 * The databases that Crossfade works on, and its own schema in them. Start at {@code Databases}, which knows whether
 * both sides are in one database, and at {@code ControlSchema}, which creates and upgrades the schema {@code
 * crossfade}.
 *
 * <p>{@code AuthorityTable} holds stage, epoch and fence of each entity, in the control database and in the modern
 * one. {@code StandingHold} holds an entity at its stage for one transaction, {@code AuthorityLock} has the locks, and
 * {@code ControlTransaction} is the only way to start a transaction that writers may have to wait for: the server ends
 * it when its process is paused. {@code DatabaseIdentity} and {@code IdentityWatch} notice a database that was
 * restored or replaced; {@code Evidence} says what a proof was about.
 *
 * <p>The law of this room: the clock is the database's, never the process's; each table has one owner; an upgraded
 * schema still works for an older instance beside a newer one. Uses {@code sql}, {@code model} and {@code time}.
 *
 * <p>For services and operators: {@code AuthorityTable}, {@code ContractedException}, {@code ControlSchema}, {@code
 * Databases}, {@code FrozenException}, {@code OtherMappingException}, {@code StandingChangedException}; the other
 * public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.control;

import org.jspecify.annotations.NullMarked;
