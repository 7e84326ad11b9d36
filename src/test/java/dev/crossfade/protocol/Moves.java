package dev.crossfade.protocol;

/** Takes the moves that are possible in a state. */
@FunctionalInterface
interface Moves {

    /** Takes a move. */
    void add(String what, State next);
}
