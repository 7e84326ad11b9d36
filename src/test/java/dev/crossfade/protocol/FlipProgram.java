package dev.crossfade.protocol;

/** What one kind of process may do next while flips run. */
interface FlipProgram {

    /** Its name in a trace. */
    String name();

    /** Adds each move that it may make in a state; none means that it waits or has nothing to do. */
    void moves(FlipState state, int self, Moves<FlipState> moves);

    /** Returns its state at the beginning, knowing the stage. */
    default FlipActor beginning(Standing present) {
        return FlipActor.beginning(present);
    }

    /** Returns its state after it was killed: that of its replacement. */
    default FlipActor killed(FlipActor actor) {
        return actor.rest(actor.round());
    }
}
