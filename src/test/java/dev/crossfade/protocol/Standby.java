package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/** A standby of one database: it stops following and is promoted; commits in between are lost. */
final class Standby implements FlipProgram {

    private final int database;

    Standby(int database) {
        this.database = database;
    }

    @Override
    public String name() {
        return database == 0 ? "the standby of control" : "the standby of the modern database";
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (actor.round() == 0) {
            FlipState behind = state.withStandby(state.data(database));
            moves.add("no longer follows", behind.with(self, actor.rest(1)));
        } else if (actor.round() == 1 && !state.data(database).equals(state.standby())) {
            moves.add("IS PROMOTED", promoted(state, self));
        }
    }

    /** All sessions there end. An applier's session in the other database continues, unaware of that. */
    private FlipState promoted(FlipState state, int self) {
        FlipState next = state.with(database, state.standby()).withStandby(null).forgetting();
        for (int i = 0; i < next.actors().size(); i++) {
            FlipActor actor = next.actor(i);
            boolean goesOn = actor.session(1 - database).open();
            if (actor.session(database).open()) {
                next = next.with(i, goesOn ? actor.losingItsSession(database) : actor.rest(actor.round()));
            }
        }
        boolean lostRows = state.data(database).rows() != next.data(database).rows()
                || (state.data(database).intents() & ~next.data(database).intents()) != 0;
        int latest = next.facts().latest();
        boolean left = next.row(Side.LEGACY) == latest || next.row(Side.MODERN) == latest;
        Facts facts = next.facts()
                .gone(database + 1)
                .buried(!left)
                .unnoted(next.facts().unnoted() || lostRows);
        facts = left ? facts : facts.acknowledged(next.row(next.decided().authority()));
        return next.with(facts).with(self, next.actor(self).rest(2));
    }
}
