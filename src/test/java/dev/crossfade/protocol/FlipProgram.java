package dev.crossfade.protocol;

/** What one kind of process beside flips may do next. */
interface FlipProgram {

    /** What it is called in a trace. */
    String name();

    /** Adds each move that it may make in a state; none means that it waits or has nothing to do. */
    void moves(FlipState state, int self, Moves<FlipState> moves);

    /** How it stands at the beginning, where it knows the stage. */
    default FlipActor beginning(Standing present) {
        return FlipActor.beginning(present);
    }

    /** How it stands after it was killed: as whoever is started in its place. */
    default FlipActor killed(FlipActor actor) {
        return actor.rest(actor.round());
    }
}
