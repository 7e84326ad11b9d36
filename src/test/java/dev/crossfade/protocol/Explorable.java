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

    /** Adds what one process may do in a state, and what may befall it. */
    void moves(S state, int self, Moves<S> moves);

    /**
     * Returns what is wrong in a state, empty if nothing is.
     *
     * @param end whether nobody can move any more
     */
    String violation(S state, boolean end);

    /** Names the process that moved from one state to another, with what it has in hand. */
    String mover(S before, S after, int self);

    /** The same state, sharing its parts with those of states that were seen before. */
    S sharing(S state);
}
