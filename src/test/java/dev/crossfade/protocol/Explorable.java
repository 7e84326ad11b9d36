package dev.crossfade.protocol;

/**
 * A model that can be explored.
 *
 * @param <S> its states
 */
interface Explorable<S> {

    /** Where it begins. */
    S start();

    /** How many processes there are. */
    int processes();

    /** Adds the moves of one process in a state, its mishaps included. */
    void moves(S state, int self, Moves<S> moves);

    /**
     * Returns the violation in a state, empty if there is none.
     *
     * @param end whether no process can move any more
     */
    String violation(S state, boolean end);

    /** Names the process that moved from one state to another, with its current work. */
    String mover(S before, S after, int self);

    /** Returns the same state, sharing its parts with earlier states. */
    S sharing(S state);
}
