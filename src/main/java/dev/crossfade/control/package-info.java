/**
 * The databases that Crossfade works on, and its own schema in them. Start at {@code Databases}, which knows whether both
 * sides are in one database, and at {@code ControlSchema}, which makes and upgrades the schema {@code crossfade}.
 *
 * <p>Where an entity stands is {@code AuthorityTable}'s: stage, epoch and fence, in the control database and in the modern
 * one. {@code StandingHold} holds an entity there for one transaction, {@code AuthorityLock} has the locks, and
 * {@code ControlTransaction} is the only way to begin a transaction that writers may have to wait for: the server ends it
 * when its process stands still. {@code DatabaseIdentity} and {@code IdentityWatch} notice a database that is not what it
 * was, {@code Evidence} says what a proof was about.
 *
 * <p>The law of this room: the clock is the database's, never the process's; each table has one owner; what is upgraded
 * goes on working for an older instance beside a newer one. Uses {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code AuthorityTable}, {@code ContractedException}, {@code ControlSchema},
 * {@code Databases}, {@code FrozenException}, {@code OtherMappingException}, {@code StandingChangedException}; the
 * other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.control;

import org.jspecify.annotations.NullMarked;
