package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/** A verification with repair, where legacy decides: its evidence carries the mapping that it was made with. */
final class FlipVerifier implements FlipProgram {

    private final Appending appending;

    FlipVerifier(FlipScenario scenario) {
        this.appending = new Appending(scenario);
    }

    @Override
    public String name() {
        return "the verification";
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        switch (actor.at()) {
            case IDLE -> {
                if (actor.round() == 0
                        && state.record().copiesFrom(Side.LEGACY)
                        && !state.facts().frozen()) {
                    FlipActor read = actor.read(state.row(Side.LEGACY))
                            .number(state.facts().mapping());
                    moves.add("reads the legacy row", state.with(self, read.at(FlipStep.READ)));
                }
            }
            case READ -> compare(state, self, moves);
            case PINNED, LOCKED -> appending.moves(state, self, moves);
            case PROVEN -> {
                FlipState committed = state.commit(self, state.home(Side.LEGACY));
                moves.add("commits, and looks again", committed.with(self, actor.rest(0)));
            }
            default -> {}
        }
    }

    /** A key that has an intent, or whose row has changed, is known to be stale: no difference. */
    private static void compare(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Facts facts = state.facts();
        boolean settled = state.intents(Side.LEGACY) == 0 && state.row(Side.LEGACY) == actor.row();
        boolean equal = state.row(Side.MODERN) == actor.row() && facts.mirrored() == actor.number();
        if (settled && !equal) {
            FlipActor repairing = actor.noting(Side.LEGACY.ordinal(), 0).at(FlipStep.PINNED);
            moves.add("finds a difference", state.with(self, repairing));
        } else {
            FlipState proven = state.with(facts.evidence(actor.number()));
            moves.add("finds no difference", proven.with(self, actor.rest(1)));
        }
    }
}
