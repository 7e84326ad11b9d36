package dev.crossfade.protocol;

/**
 * Collects the moves that are possible in a state.
 *
 * @param <S> the states of the model
 */
@FunctionalInterface
interface Moves<S> {

    /** Takes a move. */
    void add(String what, S next);
}
