package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/** A repair or a sweep, which appends an intent for the key; or an operator who discards its missed write. */
final class Appender implements FlipProgram {

    private final FlipScenario scenario;
    private final Appending appending;
    private final boolean discards;
    private final int rounds;

    Appender(FlipScenario scenario, boolean discards, int rounds) {
        this.scenario = scenario;
        this.appending = new Appending(scenario);
        this.discards = discards;
        this.rounds = rounds;
    }

    @Override
    public String name() {
        return discards ? "the discarding operator" : "the repair";
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (actor.lost() && actor.at() != FlipStep.IDLE) {
            moves.add("finds its session gone", state.with(self, actor.rest(actor.round())));
            return;
        }
        switch (actor.at()) {
            case IDLE -> begin(state, self, moves);
            case PINNED -> appending.moves(state, self, moves);
            case LOCKED -> {
                if (discards) {
                    discard(state, self, moves);
                } else {
                    appending.moves(state, self, moves);
                }
            }
            case PROVEN -> {
                FlipState committed = state.commit(self, state.home(Directing.from(actor)));
                moves.add("commits", committed.with(self, actor.rest(actor.round() + 1)));
            }
            default -> {}
        }
    }

    private void begin(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Standing record = state.record();
        boolean due = actor.round() < rounds
                && record.stage().mirrors()
                && !state.facts().frozen()
                && (!discards || state.legacy().missed() != 0);
        if (due && state.facts().gone() != 0 && scenario.holds(Rule.APPLIER_PROVES_THE_IDENTITY)) {
            moves.add("finds that a database has gone back", state.frozen());
        } else if (due) {
            Side from = record.authority();
            FlipActor begun = actor.noting(from.ordinal(), 0).at(FlipStep.PINNED);
            moves.add("reads that %s decides".formatted(from.label()), state.with(self, begun));
        }
    }

    /** From now on the key is stale without a note: only a verification finds it. */
    private void discard(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Side from = Directing.from(actor);
        boolean proven = state.data(state.home(from)).standing().copiesFrom(from);
        if (!proven || state.legacy().missed() == 0) {
            moves.add("finds nothing to discard", state.with(self, actor.rest(actor.round() + 1)));
        } else {
            FlipState discarded = state.with(self, actor.with(0, actor.legacy().discard()))
                    .commit(self, 0)
                    .unnoted();
            moves.add("discards the missed write", discarded.with(self, actor.rest(actor.round() + 1)));
        }
    }
}
