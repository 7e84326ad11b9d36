package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/** Any process that finds a fence above the record, and records it. */
final class Completer implements FlipProgram {

    private final FlipScenario scenario;

    Completer(FlipScenario scenario) {
        this.scenario = scenario;
    }

    @Override
    public String name() {
        return "an instance";
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (actor.lost() && actor.at() != FlipStep.IDLE) {
            moves.add("finds its session gone", state.with(self, actor.rest(0)));
            return;
        }
        switch (actor.at()) {
            case IDLE -> meet(state, self, moves);
            case ASKED -> lock(state, self, moves);
            case LOCKED -> look(state, self, moves);
            case CLEAR -> record(state, self, moves);
            default -> {}
        }
    }

    private void meet(FlipState state, int self, Moves<FlipState> moves) {
        boolean decided = state.modern().decided() || !scenario.holds(Rule.DECIDED_IS_TOLD_FROM_ANNOUNCED);
        Standing fence = state.modern().standing();
        if (!state.facts().frozen() && decided && fence.isAbove(state.record())) {
            FlipActor met =
                    state.actor(self).knowing(fence).number(state.record().epoch());
            moves.add("meets a fence above the record", state.with(self, met.at(FlipStep.ASKED)));
        }
    }

    private void lock(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (!scenario.holds(Rule.COMPLETION_IS_A_STEP_TOO)) {
            FlipActor begun = actor.with(0, actor.legacy().begun());
            moves.add("begins", state.with(self, begun.at(FlipStep.CLEAR)));
            return;
        }
        int applying = Advisory.APPLYING.exclusive();
        int authority = Advisory.AUTHORITY.exclusive();
        if (state.isFree(self, 0, applying, authority)) {
            Session locked = actor.legacy().locking(applying).locking(authority);
            moves.add("takes both locks", state.with(self, actor.with(0, locked).at(FlipStep.LOCKED)));
        }
    }

    private void look(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        boolean forward =
                state.record().authority() == Side.LEGACY && actor.known().authority() == Side.MODERN;
        boolean inTheWay = state.intents(Side.LEGACY) != 0 || state.legacy().missed() != 0;
        if (state.record().epoch() != actor.number()) {
            moves.add("finds the record changed", state.with(self, actor.rest(0)));
        } else if (forward && state.isWritten(self, Side.LEGACY)) {
            moves.add("lets go, as somebody writes past the stages", state.with(self, actor.rest(0)));
        } else if (forward && inTheWay) {
            moves.add(
                    "finds intents on the side that would lose the authority",
                    state.frozen().with(self, actor.rest(0)));
        } else {
            moves.add("finds nothing in the way", state.with(self, actor.at(FlipStep.CLEAR)));
        }
    }

    private void record(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (state.record().epoch() != actor.number()) {
            moves.add("finds the record changed", state.with(self, actor.rest(0)));
        } else if (!state.isStandingLocked(self, 0, false)) {
            FlipState recorded = state.with(self, actor.with(0, actor.legacy().raise(actor.known(), true)))
                    .commit(self, 0);
            moves.add("records it", recorded.with(self, actor.rest(0)));
        }
    }
}
