package dev.crossfade.protocol;

/** An operator's step to the stage with a mirror. Writers that began before it continue without a mirror. */
final class StageStep implements Program {

    @Override
    public String name() {
        return "the operator";
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        if (actor.at() == Step.IDLE) {
            moves.add("moves to dual-write", state.enterMirroring().with(self, actor.at(Step.DONE)));
        }
    }
}
