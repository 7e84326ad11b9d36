package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/** How every writer of a mirror proves the direction: under the applying lock, in the transaction that writes it. */
final class Directing {

    private final FlipScenario scenario;

    private final int mapping;

    Directing(FlipScenario scenario, int mapping) {
        this.scenario = scenario;
        this.mapping = mapping;
    }

    static Side from(FlipActor actor) {
        return Side.values()[actor.from()];
    }

    /** Takes the lock in the control database. */
    void hold(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int lock = Advisory.APPLYING.shared();
        if (state.isFree(self, 0, lock)) {
            FlipActor holding = actor.with(0, actor.legacy().locking(lock));
            moves.add("takes the applying lock", state.with(self, holding.at(FlipStep.APPLYING)));
        } else {
            moves.add("gives up waiting for the applying lock", state.with(self, actor.rest(actor.round())));
        }
    }

    /** Reads the record; where the mirror is in the other database, takes the locks there. */
    void prove(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Side from = from(actor);
        boolean proves = scenario.holds(Rule.APPLIER_PROVES_THE_DIRECTION);
        boolean there = !state.shared() && from == Side.LEGACY;
        if (proves && (state.facts().frozen() || !state.record().copiesFrom(from))) {
            moves.add("finds the direction changed", state.with(self, actor.rest(actor.round())));
        } else if (mapping != state.facts().mapping() && scenario.holds(Rule.APPLIER_PROVES_ITS_MAPPING)) {
            moves.add(
                    "finds another mapping in force",
                    state.with(self, actor.rest(actor.round()).at(FlipStep.DONE)));
        } else if (isGone(state)) {
            moves.add("finds that a database has gone back", state.frozen().with(self, actor.rest(actor.round())));
        } else if (!there) {
            FlipActor proven = proven(actor);
            FlipActor reading =
                    state.shared() ? proven : proven.with(1, proven.modern().begun());
            moves.add("proves the direction", state.with(self, reading.at(FlipStep.DIRECTED)));
        } else if (!scenario.holds(Rule.APPLIER_LOCKS_IN_BOTH_DATABASES)) {
            Session key = actor.modern().locking(Advisory.KEY.exclusive());
            if (state.isFree(self, 1, Advisory.KEY.exclusive())) {
                moves.add(
                        "proves the direction, and locks the key on the mirror",
                        state.with(self, proven(actor).with(1, key).at(FlipStep.DIRECTED)));
            }
        } else if (state.isFree(self, 1, Advisory.KEY.exclusive(), Advisory.APPLYING.shared())) {
            Session locked = actor.modern().locking(Advisory.KEY.exclusive()).locking(Advisory.APPLYING.shared());
            FlipActor holding = proven(actor).knowing(state.record()).with(1, locked);
            moves.add(
                    "proves the direction, and takes its locks on the mirror",
                    state.with(self, holding.at(FlipStep.APPLYING_THERE)));
        } else {
            moves.add("gives up waiting for its locks on the mirror", state.with(self, actor.rest(actor.round())));
        }
    }

    private FlipActor proven(FlipActor actor) {
        boolean keeps = scenario.holds(Rule.APPLIER_HOLDS_ITS_LOCK_TO_THE_END);
        return keeps ? actor : actor.with(0, actor.legacy().without(Advisory.APPLYING.shared()));
    }

    /** Reads the fence, where the mirror is in the other database. */
    void proveThere(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Standing fence = state.modern().standing();
        boolean agrees = !fence.isAbove(actor.known()) || fence.copiesFrom(from(actor));
        boolean announced = !agrees && !state.modern().decided();
        boolean shares = announced && scenario.holds(Rule.ANNOUNCED_IS_READ_FOR_SHARE);
        if (!agrees && !announced && scenario.holds(Rule.APPLIER_PROVES_THE_DIRECTION)) {
            moves.add("finds the fence decided against it", state.with(self, actor.rest(actor.round())));
        } else if (isGone(state)) {
            moves.add("finds that a database has gone back", state.frozen().with(self, actor.rest(actor.round())));
        } else if (!shares) {
            moves.add(
                    "proves the direction there", state.with(self, there(actor).at(FlipStep.DIRECTED)));
        } else if (!state.isStandingLocked(self, 1, true)) {
            FlipActor sharing = there(actor).with(1, there(actor).modern().shareStanding());
            moves.add("finds the fence only announced", state.with(self, sharing.at(FlipStep.DIRECTED)));
        } else {
            moves.add("gives up waiting for the fence", state.with(self, actor.rest(actor.round())));
        }
    }

    private FlipActor there(FlipActor actor) {
        boolean keeps = scenario.holds(Rule.APPLIER_HOLDS_ITS_LOCK_TO_THE_END);
        return keeps ? actor : actor.with(1, actor.modern().without(Advisory.APPLYING.shared()));
    }

    private boolean isGone(FlipState state) {
        return state.facts().gone() != 0 && scenario.holds(Rule.APPLIER_PROVES_THE_IDENTITY);
    }

    /** Records by which mapping the mirror is written, and whether the stage has no mirror. */
    FlipState mirrored(FlipState state, Side mirror) {
        boolean mirrors = state.record().stage().mirrors() || state.record().authority() == mirror;
        FlipState next = state.with(state.facts().mirrored(mapping));
        return mirrors ? next : next.wrong(Wrong.STRAYED);
    }
}
