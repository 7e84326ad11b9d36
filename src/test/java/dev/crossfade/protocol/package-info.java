/**
 * An executable model of the protocol and an exhaustive exploration of its interleavings: every order of the steps of
 * writers, appliers, worker, backfill and verification, and a crash or the loss of a session at each of them. {@link
 * dev.crossfade.protocol.Rule} names what the argument of {@code docs/protocol.md} rests on; without any one of them the
 * exploration finds the way to a lost write. Uses nothing but the topologies of {@code testing}.
 */
package dev.crossfade.protocol;
