/**
 * Executable models of the protocol and an exhaustive exploration of their interleavings: every order of the steps of
 * writers, appliers, worker, backfill and verification, and a crash or the loss of a session at each of them; a
 * second model adds operators who move the authority. Smaller models cover rows that are accepted only together, of
 * one entity and of several, contraction, and entities that share transactions. {@link dev.crossfade.protocol.Rule}
 * names the rules on which the argument of {@code docs/protocol.md} rests; without any one of them the exploration
 * finds a path to a lost write, or to whatever else the rule prevents. Uses nothing but the stages and sides of
 * {@code model} and the topologies of {@code testing}.
 */
package dev.crossfade.protocol;
