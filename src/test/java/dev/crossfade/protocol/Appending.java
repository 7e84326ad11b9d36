package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/** How an intent is appended without a write: under the authority's lock, once the direction is proven. */
final class Appending {

    private final FlipScenario scenario;

    Appending(FlipScenario scenario) {
        this.scenario = scenario;
    }

    void moves(FlipState state, int self, Moves<FlipState> moves) {
        if (state.actor(self).at() == FlipStep.PINNED) {
            lock(state, self, moves);
        } else {
            append(state, self, moves);
        }
    }

    private void lock(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = state.home(Directing.from(actor));
        int lock = Advisory.AUTHORITY.shared();
        if (!scenario.holds(Rule.APPENDER_HOLDS_THE_AUTHORITY)) {
            FlipActor begun = actor.with(home, actor.session(home).begun());
            moves.add("begins", state.with(self, begun.at(FlipStep.LOCKED)));
        } else if (state.isFree(self, home, lock)) {
            FlipActor locked = actor.with(home, actor.session(home).locking(lock));
            moves.add("locks the authority", state.with(self, locked.at(FlipStep.LOCKED)));
        }
    }

    private void append(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Side from = Directing.from(actor);
        int home = state.home(from);
        boolean proven =
                state.data(home).standing().copiesFrom(from) && !state.facts().frozen();
        boolean hasGoneBack = !state.shared() && state.facts().gone() == home + 1;
        if (hasGoneBack && scenario.holds(Rule.APPENDER_PROVES_THE_IDENTITY)) {
            moves.add("finds that a database has gone back", state.frozen().with(self, actor.rest(actor.round())));
        } else if (!proven && scenario.holds(Rule.APPENDER_PROVES_THE_DIRECTION)) {
            moves.add("finds the direction changed", state.with(self, actor.rest(actor.round() + 1)));
        } else {
            Session appending = actor.session(home).intents(state.freshIntent(), 0);
            moves.add(
                    "appends an intent on the %s side".formatted(from.label()),
                    state.with(self, actor.with(home, appending).at(FlipStep.PROVEN)));
        }
    }
}
