package dev.crossfade.protocol;

/** What one kind of process may do next. */
interface Program {

    /** Its name in a trace. */
    String name();

    /** Adds each move that it may make in a state; none means that it waits or has nothing to do. */
    void moves(State state, int self, Moves<State> moves);

    /** Returns its state after it was killed: that of its replacement. */
    default Actor killed(Actor actor) {
        return actor.rest(Step.IDLE, actor.round());
    }

    /** Whether its session on the authority may end without its other one. */
    default boolean mayLoseItsSession() {
        return false;
    }
}
