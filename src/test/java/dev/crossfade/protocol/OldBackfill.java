package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/** A batch of a backfill that was paused while another one completed: it inserts the row if it is absent. */
final class OldBackfill implements FlipProgram {

    private final FlipScenario scenario;
    private final Directing directing;

    OldBackfill(FlipScenario scenario) {
        this.scenario = scenario;
        this.directing = new Directing(scenario, 1);
    }

    @Override
    public String name() {
        return "the backfill";
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        boolean unproven = actor.at() == FlipStep.MIRRORED && !scenario.holds(Rule.BACKFILL_PROVES_ITS_LOCKS);
        boolean there = unproven || actor.at() == FlipStep.APPLYING_THERE || actor.at() == FlipStep.READ;
        boolean ends = actor.at() == FlipStep.IDLE || actor.at() == FlipStep.DELETED;
        if (actor.lost() && !ends && !(there && !state.shared())) {
            moves.add("finds its session gone", state.with(self, actor.rest(1)));
            return;
        }
        switch (actor.at()) {
            case IDLE -> {
                if (actor.round() == 0) {
                    FlipActor begun = actor.with(0, actor.legacy().begun()).noting(Side.LEGACY.ordinal(), 0);
                    moves.add("begins", state.with(self, begun.at(FlipStep.KEY_LOCKED)));
                }
            }
            case KEY_LOCKED -> directing.hold(state, self, moves);
            case APPLYING -> directing.prove(state, self, moves);
            case APPLYING_THERE -> directing.proveThere(state, self, moves);
            case DIRECTED -> read(state, self, moves);
            case READ -> insert(state, self, moves);
            case MIRRORED ->
                moves.add(
                        unproven ? "goes on" : "sees that its session is alive",
                        state.with(self, actor.at(FlipStep.DELETED)));
            case DELETED -> {
                int home = state.home(Side.MODERN);
                FlipState committed = directing.mirrored(state, Side.MODERN).commit(self, home);
                moves.add("commits", committed.with(self, actor.rest(1)));
            }
            default -> {}
        }
    }

    private static void read(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (state.isRowLocked(self, Side.LEGACY)) {
            moves.add("gives up waiting", state.with(self, actor.rest(1)));
        } else {
            FlipActor locked = actor.with(0, actor.legacy().lockingRow(Side.LEGACY));
            moves.add(
                    "locks and reads the legacy row",
                    state.with(self, locked.read(state.row(Side.LEGACY)).at(FlipStep.READ)));
        }
    }

    private void insert(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = state.home(Side.MODERN);
        if (state.isRowLocked(self, Side.MODERN)) {
            moves.add("gives up waiting", state.with(self, actor.rest(1)));
        } else if (state.row(Side.MODERN) != 0) {
            moves.add("finds the modern row there", state.with(self, actor.rest(1)));
        } else {
            FlipActor inserted = actor.with(home, actor.session(home).write(Side.MODERN, actor.row()));
            moves.add("inserts the modern row", state.with(self, inserted.at(FlipStep.MIRRORED)));
        }
    }
}
