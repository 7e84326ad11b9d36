package dev.crossfade.protocol;

/** How every applier begins: it collects intents of a key, or claims a missed write. */
final class Noting {

    private final Scenario scenario;
    private final boolean takesAll;

    /**
     * Creates the beginning of an applier.
     *
     * @param takesAll whether it takes all intents of a key, as the worker does; otherwise single ones, as the
     *         applier of an instance does, which knows only those of its own writers
     */
    Noting(Scenario scenario, boolean takesAll) {
        this.scenario = scenario;
        this.takesAll = takesAll;
    }

    String name() {
        return takesAll ? "the worker" : "the applier";
    }

    void moves(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        for (int key = 0; key < scenario.keys(); key++) {
            int all = state.intents() & State.intentsOf(key);
            if (takesAll && all != 0) {
                moves.add("notes the intents", state.with(self, noted(actor, key, all)));
            }
            for (int left = takesAll ? 0 : all; left != 0; left &= left - 1) {
                moves.add("notes an intent", state.with(self, noted(actor, key, Integer.lowestOneBit(left))));
            }
            if (takesAll && state.missed(key) != 0 && Integer.bitCount(all) < 2) {
                int intent = state.freshIntent(key);
                Actor retrying = noted(actor, key, intent);
                moves.add(
                        "claims the missed write and appends an intent",
                        state.append(intent)
                                .with(self, retrying.with(retrying.memory().claim(state.missed(key)))));
            }
        }
    }

    private static Actor noted(Actor actor, int key, int intents) {
        return actor.on(key).with(actor.memory().intents(intents)).at(Step.NOTED);
    }

    /** After the mirror refused the row and everything was rolled back: first the record, then the intents. */
    void miss(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        if (actor.at() == Step.REFUSED) {
            moves.add("records the missed write", state.miss(actor.key()).with(self, actor.at(Step.MISSED)));
        } else {
            Actor deleting = actor.with(actor.tx().remove(actor.memory().intents()));
            State deleted = state.with(self, deleting).commitAuthority(self);
            moves.add("deletes its intents", deleted.with(self, actor.rest(Step.IDLE, 0)));
        }
    }

    /** After a success: forgets the claimed missed write, if there is one. */
    void applied(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        boolean current = state.missed(actor.key()) == actor.memory().claim();
        boolean clears = current || !scenario.holds(Rule.CLEARED_BY_CLAIM);
        State next = clears ? state.withMissed(actor.key(), 0) : state;
        moves.add("clears the missed write", next.with(self, actor.rest(Step.IDLE, 0)));
    }

    /** The next step once its intents are deleted for good. */
    static Actor done(Actor actor) {
        return actor.memory().claim() == 0 ? actor.rest(Step.IDLE, 0) : actor.at(Step.APPLIED);
    }
}
