/**
 * Executable models of the protocol and an exhaustive exploration of their interleavings: every order of the steps of
 * writers, appliers, worker, backfill and verification, and a crash or the loss of a session at each of them; and, in a
 * second model, of those beside operators who move the authority. Smaller models look at rows that fit only together,
 * of one entity and of several, at contraction, and at entities that share transactions.
 * {@link dev.crossfade.protocol.Rule} names what the argument of {@code docs/protocol.md} rests on; without any one of
 * the rules the exploration finds the way to a lost write, or to what else the rule prevents. Uses nothing but the
 * stages and sides of {@code model} and the topologies of {@code testing}.
 */
package dev.crossfade.protocol;
