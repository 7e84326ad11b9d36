package dev.crossfade.protocol;

import java.util.Set;

/**
 * Writes keys, as {@code EntityWriter} does, and mirrors or leaves intents. Each of its writes has different values.
 */
final class Writer implements Program {

    private static final Set<Write> SAVES =
            Set.of(Write.SAVE, Write.SAVE_AT_ONCE, Write.SAVE_UNFIT, Write.SAVE_AND_NOTE);

    private final Scenario scenario;
    private final int place;
    private final int firstValue;
    private final int writes;

    Writer(Scenario scenario, int place, int firstValue, int writes) {
        if (firstValue + writes > Rows.UNFIT) {
            throw new IllegalArgumentException("The model has %d values, all writers together make %d writes."
                    .formatted(Rows.UNFIT - 1, firstValue + writes - 1));
        }
        this.scenario = scenario;
        this.place = place;
        this.firstValue = firstValue;
        this.writes = writes;
    }

    @Override
    public String name() {
        return "writer " + place;
    }

    @Override
    public Actor killed(Actor actor) {
        return actor.rest(Step.DEAD, actor.round());
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        switch (actor.at()) {
            case IDLE -> begin(state, self, moves);
            case WRITE -> write(state, self, moves);
            case WRITTEN -> {
                moves.add(
                        "begins its mirror part and takes a snapshot",
                        state.with(self, actor.seeing(both(state, self)).at(Step.MIRROR)));
                moves.add("cannot use the mirror", leaveIntent(state, self));
            }
            case MIRROR -> mirror(state, self, moves);
            case COMMIT -> commit(state, self, moves);
            case NOTE -> {
                State noted = noteAlone(state, actor.key());
                moves.add("notes an intent", noted.with(self, rested(actor)));
            }
            default -> {}
        }
    }

    private void begin(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        if (actor.round() == writes) {
            return;
        }
        for (Write write : scenario.writes()) {
            if (write == Write.SAVE_AT_ONCE && !(scenario.isShared() && state.mirroring())) {
                continue;
            }
            for (int key = 0; key < scenario.keys(); key++) {
                Actor begun = actor.on(key).with(actor.memory().writing(write).unmirrored(!state.mirroring()));
                moves.add("begins and takes a snapshot", state.with(self, snapshotted(state, self, begun)));
            }
        }
    }

    private Actor snapshotted(State state, int self, Actor actor) {
        int authority = Rows.authority(actor.key());
        boolean mirrorToo = scenario.isShared() && state.mirroring();
        long seen =
                mirrorToo ? state.snapshot(self, authority, Rows.mirror(actor.key())) : state.snapshot(self, authority);
        return actor.seeing(seen).at(Step.WRITE);
    }

    private long both(State state, int self) {
        int key = state.actor(self).key();
        return state.snapshot(self, Rows.authority(key), Rows.mirror(key));
    }

    private void write(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        Write write = actor.memory().write();
        int cell = Rows.authority(actor.key());
        int value = firstValue + actor.round();
        if (SAVES.contains(write)) {
            if (!state.upsertWaits(self, cell)) {
                int content = Rows.content(write == Write.SAVE_UNFIT ? Rows.UNFIT : value, value);
                written(state, self, state.upsert(self, cell, content), moves);
            } else if (write == Write.SAVE_AT_ONCE) {
                moves.add("gives up waiting and begins again without the mirror", leaveIntent(state, self));
            }
            return;
        }
        Lock lock = write == Write.UPDATE ? Lock.NO_KEY_UPDATE : Lock.UPDATE;
        int row = state.find(self, cell, lock);
        if (row == State.WAITS) {
            return;
        }
        if (row == Rows.ABSENT) {
            notFound(state, self, moves);
        } else if (write == Write.UPDATE) {
            int content = Rows.content(Rows.first(row), value);
            written(state, self, state.upsert(self, cell, content), moves);
        } else {
            written(state, self, actor.tx().locked(cell, lock).write(cell, Rows.ABSENT), moves);
        }
    }

    private void notFound(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        if (actor.memory().write() == Write.REPLACE) {
            moves.add("finds no row to delete", proceed(state, self, actor.tx()));
        } else if (scenario.isShared()
                && !actor.memory().unmirrored()
                && !scenario.holds(Rule.MIRROR_WHAT_WAS_RETURNED)) {
            moves.add("finds no row", state.with(self, actor.seeing(0).at(Step.WRITTEN)));
        } else {
            moves.add("finds no row", state.with(self, rested(actor)));
        }
    }

    private void written(State state, int self, Tx tx, Moves<State> moves) {
        Actor actor = state.actor(self);
        Write write = actor.memory().write();
        String what = "writes the authoritative row";
        if (actor.memory().unmirrored()) {
            moves.add(what + " without a mirror", proceed(state, self, tx));
        } else if (!scenario.isShared()) {
            boolean noting = scenario.holds(Rule.INTENT_COMMITS_WITH_THE_WRITE);
            moves.add(
                    noting ? what + " with an intent" : what,
                    proceed(state, self, noting ? noted(state, self, tx) : tx));
        } else if (write == Write.SAVE_AND_NOTE) {
            moves.add(what + " with an intent", proceed(state, self, noted(state, self, tx)));
        } else {
            boolean inOneStatement = write == Write.SAVE_AT_ONCE
                    || (write == Write.DELETE && !scenario.holds(Rule.DELETE_IN_TWO_STATEMENTS));
            Actor next = inOneStatement
                    ? actor.with(tx).at(Step.MIRROR)
                    : actor.with(tx).seeing(0).at(Step.WRITTEN);
            moves.add(what, state.with(self, next));
        }
    }

    private void mirror(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        Write write = actor.memory().write();
        int mirror = Rows.mirror(actor.key());
        int authority = Rows.get(actor.seen(), Rows.authority(actor.key()));
        moves.add("gives its mirror part up", leaveIntent(state, self));
        if (write == Write.DELETE || write == Write.REPLACE) {
            boolean inOneStatement = write == Write.DELETE && !scenario.holds(Rule.DELETE_IN_TWO_STATEMENTS);
            int row = authority == Rows.ABSENT || inOneStatement ? state.find(self, mirror, Lock.UPDATE) : Rows.ABSENT;
            if (row == Rows.ABSENT) {
                moves.add("finds no mirror row to delete", proceed(state, self, actor.tx()));
            } else if (row != State.WAITS) {
                Tx deleted = actor.tx().locked(mirror, Lock.UPDATE).write(mirror, Rows.ABSENT);
                moves.add("deletes the mirror row", proceed(state, self, deleted));
            }
            return;
        }
        int source = write == Write.SAVE_AT_ONCE ? state.row(self, Rows.authority(actor.key())) : authority;
        if (source == Rows.ABSENT) {
            moves.add("finds nothing to mirror", proceed(state, self, actor.tx()));
        } else if (Rows.fits(source) && !state.upsertWaits(self, mirror)) {
            moves.add("writes the mirror row", proceed(state, self, state.upsert(self, mirror, Rows.content(source))));
        }
    }

    /** Rolls back to the savepoint and adds an intent; or runs the statement again if it wrote both sides. */
    private State leaveIntent(State state, int self) {
        Actor actor = state.actor(self);
        if (actor.memory().write() == Write.SAVE_AT_ONCE) {
            State without = state.with(self, actor.with(Tx.NONE));
            Actor again = without.actor(self).with(actor.memory().writing(Write.SAVE_AND_NOTE));
            return without.with(self, snapshotted(without, self, again));
        }
        return proceed(state, self, noted(state, self, actor.tx().withoutMirror()));
    }

    /** Continues with the second half of a replacement, or with the commit. */
    private State proceed(State state, int self, Tx tx) {
        Actor actor = state.actor(self).with(tx).seeing(0);
        if (actor.memory().write() == Write.REPLACE) {
            State next = state.with(self, actor.with(actor.memory().writing(Write.SAVE)));
            return next.with(self, snapshotted(next, self, next.actor(self)));
        }
        return state.with(self, actor.at(Step.COMMIT));
    }

    private void commit(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        boolean early = !actor.memory().unmirrored() && state.isUnmirroredWriting(self);
        State committed = state.commit(self);
        committed = early ? committed.withUnproven(actor.key()) : committed;
        boolean noteNow = !scenario.isShared()
                && !actor.memory().unmirrored()
                && !scenario.holds(Rule.INTENT_COMMITS_WITH_THE_WRITE);
        Actor done = committed.actor(self);
        moves.add("commits", committed.with(self, noteNow ? done.at(Step.NOTE) : rested(done)));
    }

    private Tx noted(State state, int self, Tx tx) {
        int key = state.actor(self).key();
        if (scenario.holds(Rule.INTENTS_ARE_APPENDED)) {
            return tx.append(state.freshIntent(key));
        }
        int only = Integer.lowestOneBit(State.intentsOf(key));
        return (state.intents() & only) != 0 ? tx : tx.append(only);
    }

    private static State noteAlone(State state, int key) {
        return state.append(state.freshIntent(key));
    }

    private static Actor rested(Actor actor) {
        return actor.rest(Step.IDLE, actor.round() + 1);
    }
}
