package dev.crossfade.protocol;

/**
 * Applies keys between two databases, as {@code SeparateTransfer} does. Where legacy decides, its session on the
 * authority holds the locks of the keys and may end alone; where modern decides, the session on the mirror holds
 * them, and if that ends, nothing can be committed.
 */
final class SeparateApplier implements Program {

    private final Scenario scenario;
    private final boolean legacyDecides;
    private final Noting noting;

    SeparateApplier(Scenario scenario, boolean takesAll, boolean legacyDecides) {
        this.scenario = scenario;
        this.legacyDecides = legacyDecides;
        this.noting = new Noting(scenario, takesAll);
    }

    @Override
    public String name() {
        return noting.name();
    }

    @Override
    public boolean mayLoseItsSession() {
        return legacyDecides;
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        switch (actor.at()) {
            case IDLE -> noting.moves(state, self, moves);
            case REFUSED, MISSED -> noting.miss(state, self, moves);
            case APPLIED -> noting.applied(state, self, moves);
            case MIRROR -> write(state, self, moves);
            case MIRRORED, PROVEN, MIRROR_COMMITTED -> {
                if (legacyDecides) {
                    finish(state, self, moves);
                } else {
                    finishOnMirror(state, self, moves);
                }
            }
            case NOTED, LOCK_AUTHORITY, AUTHORITY_LOCKED, LOCKED, LOOKED, READ -> {
                if (actor.memory().lost() && actor.at() != Step.AUTHORITY_LOCKED && actor.at() != Step.READ) {
                    moves.add("finds its session gone", state.with(self, actor.rest(Step.IDLE, 0)));
                } else {
                    lookAndRead(state, self, moves);
                }
            }
            default -> {}
        }
    }

    private void lookAndRead(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int authority = Rows.authority(actor.key());
        boolean readsLate = scenario.holds(Rule.READ_AFTER_THE_LOCK);
        boolean looksFirst = scenario.holds(Rule.INTENTS_NOTED_BEFORE_THE_READ);
        switch (actor.at()) {
            case NOTED -> {
                if (readsLate) {
                    lock(state, self, moves);
                } else {
                    Actor reading = actor.read(state.row(self, authority)).at(Step.LOCK_AUTHORITY);
                    moves.add("begins to lock the key and takes a snapshot", state.with(self, reading));
                }
            }
            case LOCK_AUTHORITY -> lock(state, self, moves);
            case AUTHORITY_LOCKED -> lockOnMirror(state, self, moves);
            case LOCKED -> {
                if (looksFirst || actor.memory().found()) {
                    look(state, self, actor.memory().intents(), moves);
                } else {
                    Actor read = actor.read(state.row(self, authority));
                    moves.add(
                            "reads the authoritative row",
                            state.with(self, read.with(read.memory().found(true))));
                }
            }
            case LOOKED -> {
                boolean hasRead = !readsLate || !looksFirst;
                Actor read = hasRead ? actor : actor.read(state.row(self, authority));
                moves.add(hasRead ? "goes on" : "reads the authoritative row", state.with(self, read.at(Step.READ)));
            }
            default -> {
                long seen = state.snapshot(self, Rows.mirror(actor.key()));
                moves.add(
                        "begins to write the mirror and takes a snapshot",
                        state.with(self, actor.seeing(seen).at(Step.MIRROR)));
            }
        }
    }

    private void lock(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        boolean held = state.actors().stream().anyMatch(other -> other.memory().locks() && other.key() == actor.key());
        if (!held || !scenario.holds(Rule.KEY_LOCK)) {
            boolean both = legacyDecides && scenario.holds(Rule.LOCKED_ON_THE_MIRROR_TOO);
            Actor locked = actor.with(actor.memory().locks(true));
            moves.add("locks the key", state.with(self, locked.at(both ? Step.AUTHORITY_LOCKED : Step.LOCKED)));
        } else {
            moves.add("leaves out the key, which is locked", state.with(self, actor.rest(Step.IDLE, 0)));
        }
    }

    private static void lockOnMirror(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        boolean held =
                state.actors().stream().anyMatch(other -> other.memory().mirrorLock() && other.key() == actor.key());
        if (held) {
            moves.add("leaves out the key, which is locked on the mirror", state.with(self, actor.rest(Step.IDLE, 0)));
        } else {
            Actor locked = actor.with(actor.memory().mirrorLock(true));
            moves.add("locks the key on the mirror", state.with(self, locked.at(Step.LOCKED)));
        }
    }

    private void look(State state, int self, int noted, Moves<State> moves) {
        Actor actor = state.actor(self);
        int candidates = scenario.holds(Rule.INTENTS_NOTED_BEFORE_THE_READ) ? noted : State.intentsOf(actor.key());
        int existing = candidates & state.intents();
        if (existing == 0) {
            moves.add("finds its intents gone", state.with(self, actor.rest(Step.IDLE, 0)));
        } else {
            Actor looked = actor.with(actor.memory().intents(existing).found(false));
            moves.add("looks which intents exist", state.with(self, looked.at(Step.LOOKED)));
        }
    }

    private void write(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int mirror = Rows.mirror(actor.key());
        if (actor.row() == Rows.ABSENT) {
            int row = state.find(self, mirror, Lock.UPDATE);
            if (row == State.WAITS) {
                moves.add("gives up waiting", state.with(self, actor.rest(Step.IDLE, 0)));
            } else if (row == Rows.ABSENT) {
                moves.add("finds no mirror row to delete", mirrored(state, self, actor.tx()));
            } else {
                Tx tx = actor.tx().locked(mirror, Lock.UPDATE).write(mirror, Rows.ABSENT);
                moves.add("deletes the mirror row", mirrored(state, self, tx));
            }
        } else if (state.upsertWaits(self, mirror)) {
            moves.add("gives up waiting", state.with(self, actor.rest(Step.IDLE, 0)));
        } else if (!Rows.fits(actor.row())) {
            Actor refused = actor.rest(Step.REFUSED, 0)
                    .on(actor.key())
                    .with(Actor.Memory.NOTHING.intents(actor.memory().intents()));
            moves.add("is refused by the mirror, and ends its transactions", state.with(self, refused));
        } else {
            Tx tx = state.upsert(self, mirror, Rows.content(actor.row()));
            moves.add("writes the mirror row", mirrored(state, self, tx));
        }
    }

    private static State mirrored(State state, int self, Tx tx) {
        return state.with(self, state.actor(self).with(tx).seeing(0).read(0).at(Step.MIRRORED));
    }

    /** Deletes the intents, which proves that the session is alive, commits the mirror, commits the deletion. */
    private void finish(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        boolean intentsFirst = !scenario.holds(Rule.INTENTS_GO_AFTER_THE_MIRROR);
        boolean proves = scenario.holds(Rule.LOCKS_PROVEN_BEFORE_THE_MIRROR_COMMIT);
        boolean mirrorCommitted = actor.at() == Step.MIRROR_COMMITTED;
        boolean deletesNow =
                mirrorCommitted ? !proves && actor.tx().removed() == 0 : proves && actor.at() == Step.MIRRORED;
        if (deletesNow) {
            if (actor.memory().lost()) {
                moves.add("finds its session gone", state.with(self, actor.rest(Step.IDLE, 0)));
                return;
            }
            State deleted =
                    state.with(self, actor.with(actor.tx().remove(actor.memory().intents())));
            Step next = mirrorCommitted ? Step.MIRROR_COMMITTED : Step.PROVEN;
            deleted = deleted.with(self, deleted.actor(self).at(next));
            if (intentsFirst) {
                moves.add("deletes its intents and commits that", deleted.commitAuthority(self));
            } else {
                moves.add("deletes its intents", deleted);
            }
        } else if (!mirrorCommitted) {
            State committed = state.commitMirror(self);
            Actor next = committed.actor(self).with(actor.memory().mirrorLock(false));
            moves.add("commits the mirror", committed.with(self, next.at(Step.MIRROR_COMMITTED)));
        } else if (actor.memory().lost()) {
            moves.add("finds its session gone", state.with(self, actor.rest(Step.IDLE, 0)));
        } else {
            State committed = state.commitAuthority(self);
            Actor unlocked = committed.actor(self).with(actor.memory().locks(false));
            moves.add("commits the deletion of its intents", committed.with(self, Noting.done(unlocked)));
        }
    }

    /** Commits the mirror, which ends the locks, then deletes the intents. */
    private static void finishOnMirror(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        if (actor.at() == Step.MIRRORED) {
            State committed = state.commitMirror(self);
            Actor unlocked = committed.actor(self).with(actor.memory().locks(false));
            moves.add("commits the mirror and its locks", committed.with(self, unlocked.at(Step.MIRROR_COMMITTED)));
        } else {
            State deleted = state.with(
                            self, actor.with(actor.tx().remove(actor.memory().intents())))
                    .commitAuthority(self);
            moves.add("deletes its intents and commits that", deleted.with(self, Noting.done(deleted.actor(self))));
        }
    }
}
