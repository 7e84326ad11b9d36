package dev.crossfade.protocol;

/** Copies one key after the other; its checkpoint survives it. */
final class Backfiller implements Program {

    private final Scenario scenario;

    Backfiller(Scenario scenario) {
        this.scenario = scenario;
    }

    @Override
    public String name() {
        return "the backfill";
    }

    @Override
    public boolean mayLoseItsSession() {
        return !scenario.isShared();
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        switch (actor.at()) {
            case IDLE -> begin(state, self, moves);
            case LOCK_AUTHORITY -> read(state, self, moves);
            case MIRROR -> insert(state, self, moves);
            case MIRRORED -> commit(state, self, moves);
            case PROVEN -> commitMirror(state, self, moves);
            case MIRROR_COMMITTED -> {
                if (actor.memory().lost()) {
                    moves.add("finds its session gone", state.with(self, actor.rest(Step.IDLE, actor.round())));
                } else {
                    moves.add(
                            "commits its checkpoint",
                            state.commitAuthority(self).with(self, next(actor)));
                }
            }
            default -> {}
        }
    }

    private void begin(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        boolean waits = scenario.holds(Rule.BACKFILL_WAITS_FOR_ALL_WRITERS) && state.isUnmirroredWriting(self);
        boolean mayBegin = actor.round() > 0 || (state.mirroring() && !waits);
        if (mayBegin) {
            long seen = state.snapshot(self, Rows.authority(actor.round()));
            moves.add(
                    "begins to read and takes a snapshot",
                    state.with(self, actor.on(actor.round()).seeing(seen).at(Step.LOCK_AUTHORITY)));
        }
    }

    private void read(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int cell = Rows.authority(actor.key());
        if (!scenario.holds(Rule.BACKFILL_LOCKS_ROWS)) {
            go(state, self, actor.tx(), Rows.get(actor.seen(), cell), moves);
            return;
        }
        int row = state.find(self, cell, Lock.KEY_SHARE);
        if (row != State.WAITS) {
            Tx tx = row == Rows.ABSENT ? actor.tx() : actor.tx().locked(cell, Lock.KEY_SHARE);
            go(state, self, tx, row, moves);
        } else if (!scenario.holds(Rule.BACKFILL_SKIPS_NOTHING)) {
            moves.add("skips the row, which is locked", state.with(self, next(actor)));
        }
    }

    private void go(State state, int self, Tx tx, int row, Moves<State> moves) {
        Actor actor = state.actor(self).with(tx).seeing(0);
        if (row == Rows.ABSENT) {
            moves.add("finds no row", state.with(self, next(actor)));
        } else {
            moves.add(
                    "reads the row",
                    state.with(self, actor.read(Rows.content(row)).at(Step.MIRROR)));
        }
    }

    private void insert(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int mirror = Rows.mirror(actor.key());
        if (state.upsertWaits(self, mirror)) {
            moves.add("gives up waiting", state.with(self, actor.rest(Step.IDLE, actor.round())));
            return;
        }
        boolean inserts = state.row(self, mirror) == Rows.ABSENT || !scenario.holds(Rule.BACKFILL_NEVER_OVERWRITES);
        Tx tx = inserts ? state.upsert(self, mirror, actor.row()) : actor.tx();
        moves.add(
                inserts ? "writes the mirror row" : "finds the mirror row there",
                state.with(self, actor.with(tx).read(0).at(Step.MIRRORED)));
    }

    private void commit(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        if (scenario.isShared()) {
            moves.add("commits", state.commit(self).with(self, next(actor)));
        } else if (!scenario.holds(Rule.BACKFILL_PROVES_ITS_LOCKS)) {
            commitMirror(state, self, moves);
        } else if (actor.memory().lost()) {
            moves.add("finds its session gone", state.with(self, actor.rest(Step.IDLE, actor.round())));
        } else {
            moves.add("sees that its session is alive", state.with(self, actor.at(Step.PROVEN)));
        }
    }

    private static void commitMirror(State state, int self, Moves<State> moves) {
        State committed = state.commitMirror(self);
        moves.add(
                "commits the mirror", committed.with(self, committed.actor(self).at(Step.MIRROR_COMMITTED)));
    }

    private Actor next(Actor actor) {
        int round = actor.round() + 1;
        return actor.rest(round == scenario.keys() ? Step.DONE : Step.IDLE, round);
    }
}
