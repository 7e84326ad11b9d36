package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/** A routed writer while flips run, like {@code EntityWriter}: pins a stage, proves its epoch, writes. */
class RoutedWriter implements FlipProgram {

    final FlipScenario scenario;

    private final int place;
    private final int firstEpoch;
    private final int[] contents;

    /**
     * Creates a writer, which knows the first mapping.
     *
     * @param firstEpoch the epoch before which it does nothing
     * @param contents what it writes, one after the other; 0 is a deletion
     */
    RoutedWriter(FlipScenario scenario, int place, int firstEpoch, int... contents) {
        this.scenario = scenario;
        this.place = place;
        this.firstEpoch = firstEpoch;
        this.contents = contents.clone();
    }

    @Override
    public String name() {
        return "writer " + place;
    }

    @Override
    public FlipActor killed(FlipActor actor) {
        return actor.rest(actor.round()).at(FlipStep.DEAD);
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        switch (actor.at()) {
            case IDLE -> pin(state, self, moves);
            case PINNED -> lock(state, self, moves);
            case LOCKING -> awaitLock(state, self, moves);
            case LOCKED -> prove(state, self, actor.known().epoch(), moves);
            case PROVEN -> write(state, self, moves);
            case WRITTEN -> mirror(state, self, moves);
            case COMMIT -> commit(state, self, moves);
            default -> {}
        }
    }

    /** Polls the stage. A refused writer waits for a newer one. */
    private void pin(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (actor.round() == contents.length) {
            return;
        }
        boolean keeps =
                scenario.holds(Rule.EPOCHS_NEVER_GO_BACK) && actor.known().isAbove(state.record());
        Standing next = keeps ? actor.known() : state.record();
        if (next.epoch() >= Math.max(actor.number(), actor.round() == 0 ? firstEpoch : 0)) {
            poll(state, self, next, moves);
        }
    }

    /** Acts under the newest known stage, unless the fence is above it. */
    void poll(FlipState state, int self, Standing next, Moves<FlipState> moves) {
        boolean above = isBelowTheFence(state, next);
        if (!(above && scenario.holds(Rule.FENCES_ARE_COMPARED))) {
            boolean outOfDate = above || state.actor(self).known().isAbove(next);
            moves.add("acts under " + next.stage().label(), actingUnder(next, outOfDate, state, self));
        }
    }

    /** Whether the fence shows that a stage is stale, or may be. */
    static boolean isBelowTheFence(FlipState state, Standing standing) {
        boolean gone = state.facts().gone() == 1;
        return !state.shared()
                && state.modern().standing().isAbove(standing)
                && (state.modern().decided() || gone);
    }

    /** Returns what follows once it has pinned a stage. */
    static FlipState actingUnder(Standing next, boolean outOfDate, FlipState state, int self) {
        FlipActor actor = state.actor(self);
        FlipActor pinned = actor.rest(actor.round()).under(next, state.facts().mapping(), outOfDate);
        return state.with(self, pinned.at(FlipStep.PINNED));
    }

    private int home(FlipState state, FlipActor actor) {
        return state.home(actor.known().authority());
    }

    private void lock(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (!actor.known().stage().fenced() || !scenario.holds(Rule.WRITERS_HOLD_THE_AUTHORITY)) {
            moves.add("begins", state.with(self, actor.at(FlipStep.LOCKED)));
        } else if (scenario.holds(Rule.EPOCH_PROVEN_AFTER_THE_LOCK)) {
            awaitLock(state, self, moves);
        } else {
            int seen = state.data(home(state, actor)).standing().epoch();
            moves.add(
                    "begins to lock the authority and takes a snapshot",
                    state.with(self, actor.read(seen).at(FlipStep.LOCKING)));
        }
    }

    private void awaitLock(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = home(state, actor);
        int lock = Advisory.AUTHORITY.shared();
        if (state.isFree(self, home, lock)) {
            FlipActor locked = actor.with(home, actor.session(home).locking(lock));
            moves.add("locks the authority", state.with(self, locked.at(FlipStep.LOCKED)));
        }
    }

    /** The first writer of a stage in the other database decides it if it was only announced. */
    private void prove(FlipState state, int self, int known, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = home(state, actor);
        Standing standing = state.data(home).standing();
        boolean fenced = actor.known().stage().fenced();
        boolean late = !scenario.holds(Rule.EPOCH_PROVEN_AFTER_THE_LOCK)
                && actor.known().stage().fenced();
        int newest = late ? actor.row() : standing.epoch();
        if (fenced && newest > known) {
            FlipActor refused = actor.rest(actor.round()).number(known + 1);
            moves.add("is refused", state.with(self, refused));
            return;
        }
        boolean decides =
                fenced && home == 1 && !state.data(1).decided() && scenario.holds(Rule.DECIDED_BEFORE_THE_FIRST_WRITE);
        if (!decides) {
            moves.add("proves its epoch", state.with(self, actor.at(FlipStep.PROVEN)));
        } else if (!state.isStandingLocked(self, 1, false)) {
            FlipActor deciding = actor.with(1, actor.modern().decide());
            moves.add("proves its epoch and marks it as decided", state.with(self, deciding.at(FlipStep.PROVEN)));
        }
    }

    private void write(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Side side = actor.known().authority();
        if (state.isRowLocked(self, side)) {
            return;
        }
        int home = state.home(side);
        Session written = actor.session(home).write(side, contents[actor.round()]);
        if (!actor.known().stage().mirrors()) {
            moves.add(
                    "writes the %s row, which has no mirror".formatted(side.label()),
                    state.with(self, actor.with(home, written).at(FlipStep.COMMIT)));
        } else if (state.shared()) {
            moves.add(
                    "writes the %s row".formatted(side.label()),
                    state.with(self, actor.with(home, written).at(FlipStep.WRITTEN)));
        } else {
            Session noted = written.intents(state.freshIntent(), 0);
            moves.add(
                    "writes the %s row with an intent".formatted(side.label()),
                    state.with(self, actor.with(home, noted).at(FlipStep.COMMIT)));
        }
    }

    /** In one database: the mirror's row, or an intent in its place. */
    private void mirror(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Side mirror = actor.known().authority().opposite();
        Session noted = actor.legacy().intents(state.freshIntent(), 0);
        moves.add(
                "cannot use the mirror and notes an intent",
                state.with(self, actor.with(0, noted).at(FlipStep.COMMIT)));
        boolean another = actor.mapping() != 1 && scenario.holds(Rule.MAPPING_CHANGE_IS_A_STEP);
        if (!another && !state.isRowLocked(self, mirror)) {
            Session mirrored = actor.legacy().write(mirror, contents[actor.round()]);
            moves.add(
                    "writes the mirror row",
                    state.with(self, actor.with(0, mirrored).at(FlipStep.COMMIT)));
        }
    }

    private void commit(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int content = contents[actor.round()];
        Side mirror = actor.known().authority().opposite();
        boolean mirrored = actor.legacy().wrote(mirror) && state.shared();
        boolean mirrors = actor.known().stage().mirrors();
        FlipState next = state.commit(self, home(state, actor)).acknowledged(content);
        next = mirrored ? next.with(next.facts().mirrored(1)) : next;
        next = mirrors ? next : next.unnoted();
        if (mirrored && !state.record().stage().mirrors()) {
            next = next.wrong(Wrong.STRAYED);
        } else if (!mirrors && state.record().stage().mirrors() && state.facts().gone() == 0) {
            next = next.wrong(Wrong.UNMIRRORED);
        } else if (actor.outOfDate()) {
            next = next.wrong(Wrong.SPLIT);
        }
        moves.add("commits", next.with(self, actor.rest(actor.round() + 1)));
    }
}
