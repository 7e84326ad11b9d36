package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;

/** A writer that bypasses the service, on a table with capture: its trigger notes the write, or does not. */
final class BypassingWriter implements FlipProgram {

    private final FlipScenario scenario;
    private final Side side;
    private final int content;

    BypassingWriter(FlipScenario scenario, Side side, int content) {
        this.scenario = scenario;
        this.side = side;
        this.content = content;
    }

    @Override
    public String name() {
        return "a writer that bypasses the service";
    }

    @Override
    public FlipActor killed(FlipActor actor) {
        return actor.rest(actor.round()).at(FlipStep.DEAD);
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = state.home(side);
        switch (actor.at()) {
            case IDLE -> {
                if (actor.round() == 0 && !state.isRowLocked(self, side)) {
                    FlipActor written = actor.with(home, actor.session(home).write(side, content));
                    moves.add(
                            "writes the %s row".formatted(side.label()),
                            state.with(self, written.at(FlipStep.WRITTEN)));
                }
            }
            case WRITTEN -> capture(state, self, moves);
            case LOCKING -> {
                int lock = Advisory.AUTHORITY.shared();
                if (state.isFree(self, home, lock)) {
                    FlipActor locked = actor.with(home, actor.session(home).locking(lock));
                    moves.add("locks the authority", state.with(self, locked.at(FlipStep.LOCKED)));
                }
            }
            case LOCKED -> {
                boolean looksAgain = scenario.holds(Rule.CAPTURE_LOOKS_AGAIN_UNDER_THE_LOCK);
                boolean notes = looksAgain ? state.data(home).standing().copiesFrom(side) : actor.number() == 1;
                note(state, self, notes, moves);
            }
            case COMMIT -> commit(state, self, moves);
            default -> {}
        }
    }

    private void capture(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = state.home(side);
        Stage stage = state.data(home).standing().stage();
        boolean decides = stage.mirrors() && stage.authority() == side;
        boolean around = stage == Stage.MODERN_READ || stage == Stage.MODERN_PRIMARY;
        boolean locks = around && (decides || scenario.holds(Rule.FLIP_HOLDS_BOTH_AUTHORITIES));
        if (!locks || !scenario.holds(Rule.CAPTURE_HOLDS_THE_AUTHORITY)) {
            note(state, self, decides, moves);
        } else {
            FlipActor locking = actor.number(decides ? 1 : 0).at(FlipStep.LOCKING);
            moves.add("begins to lock the authority", state.with(self, locking));
        }
    }

    private void note(FlipState state, int self, boolean notes, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = state.home(side);
        Session noted = notes ? actor.session(home).intents(state.freshIntent(), 0) : actor.session(home);
        moves.add(
                notes ? "notes an intent" : "notes nothing, as the side does not decide",
                state.with(self, actor.with(home, noted).at(FlipStep.COMMIT)));
    }

    /** The sweep undoes a commit on the side that does not decide: the model undoes it at once. */
    private void commit(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        boolean decides = state.record().authority() == side && state.decided().authority() == side;
        FlipState next = decides ? state.commit(self, state.home(side)).acknowledged(content) : state;
        moves.add(decides ? "commits" : "commits what a sweep will undo", next.with(self, actor.rest(1)));
    }
}
