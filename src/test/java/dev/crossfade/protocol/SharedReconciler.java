package dev.crossfade.protocol;

/** Applies keys in one database, as {@code SharedTransfer} does: it locks, then reads again, then writes. */
final class SharedReconciler implements Program {

    private final Scenario scenario;
    private final Noting noting;

    SharedReconciler(Scenario scenario, boolean takesAll) {
        this.scenario = scenario;
        this.noting = new Noting(scenario, takesAll);
    }

    @Override
    public String name() {
        return noting.name();
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int authority = Rows.authority(actor.key());
        int mirror = Rows.mirror(actor.key());
        switch (actor.at()) {
            case IDLE -> noting.moves(state, self, moves);
            case NOTED ->
                moves.add(
                        "begins to lock the authoritative row and takes a snapshot",
                        state.with(
                                self,
                                actor.seeing(state.snapshot(self, authority)).at(Step.LOCK_AUTHORITY)));
            case LOCK_AUTHORITY -> lockAuthority(state, self, moves);
            case AUTHORITY_LOCKED ->
                moves.add(
                        "begins to lock the mirror row and takes a snapshot",
                        state.with(
                                self, actor.seeing(state.snapshot(self, mirror)).at(Step.LOCK_MIRROR)));
            case LOCK_MIRROR -> lockMirror(state, self, moves);
            case LOCKED -> look(state, self, moves);
            case LOOKED ->
                moves.add(
                        "begins to write the mirror and takes a snapshot",
                        state.with(
                                self,
                                actor.seeing(state.snapshot(self, authority, mirror))
                                        .at(Step.MIRROR)));
            case MIRROR -> write(state, self, moves);
            case MIRRORED -> {
                State done = state.with(
                                self,
                                actor.with(actor.tx().remove(actor.memory().intents())))
                        .commit(self);
                moves.add("deletes its intents and commits", done.with(self, actor.rest(Step.IDLE, 0)));
            }
            default -> {}
        }
    }

    private void lockAuthority(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int cell = Rows.authority(actor.key());
        if (!scenario.holds(Rule.RECONCILER_LOCKS_THE_AUTHORITATIVE_ROW)) {
            moves.add("looks for the authoritative row", locked(state, self, actor.tx(), Rows.get(actor.seen(), cell)));
            return;
        }
        int row = state.find(self, cell, Lock.NO_KEY_UPDATE);
        if (row == State.WAITS) {
            giveUp(state, self, moves);
        } else if (row == Rows.ABSENT) {
            moves.add("finds no authoritative row", locked(state, self, actor.tx(), Rows.ABSENT));
        } else {
            Tx tx = actor.tx().locked(cell, Lock.NO_KEY_UPDATE);
            moves.add("locks the authoritative row", locked(state, self, tx, row));
        }
    }

    /** Remembers whether a row was found, not its content: that is read again. */
    private State locked(State state, int self, Tx tx, int row) {
        boolean looksAgain = scenario.holds(Rule.RECONCILER_LOOKS_AGAIN_AFTER_THE_LOCK);
        boolean locksMirror = looksAgain && row == Rows.ABSENT;
        Actor next = state.actor(self).with(tx).seeing(0).read(row == Rows.ABSENT ? 0 : 1);
        Actor assuming = next.with(next.memory().found(!looksAgain));
        return state.with(self, assuming.at(locksMirror ? Step.AUTHORITY_LOCKED : Step.LOCKED));
    }

    private void lockMirror(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int cell = Rows.mirror(actor.key());
        int row = state.find(self, cell, Lock.UPDATE);
        if (row == State.WAITS) {
            giveUp(state, self, moves);
        } else if (row == Rows.ABSENT) {
            moves.add("finds no mirror row", state.with(self, actor.seeing(0).at(Step.LOCKED)));
        } else {
            Actor next = actor.with(actor.tx().locked(cell, Lock.UPDATE)).seeing(0);
            moves.add(
                    "locks the mirror row",
                    state.with(self, next.with(next.memory().found(true)).at(Step.LOCKED)));
        }
    }

    private static void look(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int existing = actor.memory().intents() & state.intents();
        if (existing == 0) {
            moves.add("finds its intents gone", state.with(self, actor.rest(Step.IDLE, 0)));
        } else {
            moves.add(
                    "looks which of its intents exist",
                    state.with(
                            self, actor.with(actor.memory().intents(existing)).at(Step.LOOKED)));
        }
    }

    private void write(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int mirror = Rows.mirror(actor.key());
        int authority = Rows.get(actor.seen(), Rows.authority(actor.key()));
        boolean present = actor.row() != 0;
        if (present && authority != Rows.ABSENT) {
            if (state.upsertWaits(self, mirror)) {
                giveUp(state, self, moves);
            } else {
                Tx tx = state.upsert(self, mirror, Rows.content(authority));
                moves.add("writes the mirror row", mirrored(state, self, tx));
            }
            return;
        }
        boolean deletes = !present && actor.memory().found() && authority == Rows.ABSENT;
        int row = deletes ? state.find(self, mirror, Lock.UPDATE) : Rows.ABSENT;
        if (row == State.WAITS) {
            giveUp(state, self, moves);
        } else if (row == Rows.ABSENT) {
            moves.add("has nothing to write", mirrored(state, self, actor.tx()));
        } else {
            Tx tx = actor.tx().locked(mirror, Lock.UPDATE).write(mirror, Rows.ABSENT);
            moves.add("deletes the mirror row", mirrored(state, self, tx));
        }
    }

    private static State mirrored(State state, int self, Tx tx) {
        return state.with(self, state.actor(self).with(tx).seeing(0).at(Step.MIRRORED));
    }

    private static void giveUp(State state, int self, Moves<State> moves) {
        moves.add("gives up waiting", state.with(self, state.actor(self).rest(Step.IDLE, 0)));
    }
}
