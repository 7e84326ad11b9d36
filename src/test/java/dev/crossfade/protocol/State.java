package dev.crossfade.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The databases and processes at one moment, with PostgreSQL's rules of visibility and waiting: statements see what
 * was committed when they began and what their own transaction wrote before; a statement that changes or locks a row
 * which it sees waits for whoever has locked it, and then rereads only that row as it is now; an insertion conflicts
 * with rows that it does not see.
 *
 * @param rows the committed rows
 * @param intents a bit for each committed intent, {@link #INTENTS_OF_A_KEY} a key
 * @param missed for each key the number of its missed write, 0 if there is none
 * @param unproven a bit for each key that only the verification can confirm: it was mirrored while others still wrote
 *         without the mirror
 * @param mirroring whether the stage with a mirror has been entered
 * @param mishaps crashes and lost sessions that may yet happen
 * @param actors the processes
 */
record State(long rows, int intents, int missed, int unproven, boolean mirroring, int mishaps, List<Actor> actors) {

    static final int INTENTS_OF_A_KEY = 10;

    /** A statement has to wait. */
    static final int WAITS = -1;

    private static final int MISSED_BITS = 4;
    private static final int NUMBER = (1 << MISSED_BITS) - 1;

    Actor actor(int self) {
        return actors.get(self);
    }

    State with(int self, Actor actor) {
        List<Actor> next = new ArrayList<>(actors);
        next.set(self, actor);
        return new State(rows, intents, missed, unproven, mirroring, mishaps, List.copyOf(next));
    }

    /** Returns the same state, sharing equal processes between states: there are far fewer processes than states. */
    State sharing(UnaryOperator<Actor> one) {
        return new State(
                rows,
                intents,
                missed,
                unproven,
                mirroring,
                mishaps,
                actors.stream().map(one).toList());
    }

    /**
     * What a statement that begins now sees of some cells; the others count as absent, to keep the number of states
     * small.
     */
    long snapshot(int self, int... cells) {
        long seen = 0;
        for (int cell : cells) {
            seen = Rows.with(seen, cell, row(self, cell));
        }
        return seen;
    }

    /** The row as it is now for {@code self}. */
    int row(int self, int cell) {
        Tx own = actor(self).tx();
        return own.wrote(cell) ? own.row(cell) : Rows.get(rows, cell);
    }

    boolean isBlocked(int self, int cell, Lock lock) {
        for (int i = 0; i < actors.size(); i++) {
            if (i != self && actors.get(i).tx().lock(cell).conflictsWith(lock)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds a row to change or lock it: one that the statement's snapshot shows, as it is now.
     *
     * @return the row, {@link Rows#ABSENT} if it is not seen or gone, or {@link #WAITS}
     */
    int find(int self, int cell, Lock lock) {
        int seen = Rows.get(actor(self).seen(), cell);
        if (seen == Rows.ABSENT) {
            return Rows.ABSENT;
        }
        if (isBlocked(self, cell, lock)) {
            return WAITS;
        }
        int now = row(self, cell);
        return now != Rows.ABSENT && Rows.life(now) == Rows.life(seen) ? now : Rows.ABSENT;
    }

    /** Tells whether an upsert of a row must wait for another process that changes or inserts it, visible or not. */
    boolean upsertWaits(int self, int cell) {
        return isBlocked(self, cell, Lock.NO_KEY_UPDATE);
    }

    /** Returns the transaction of {@code self} after an upsert that need not wait. */
    Tx upsert(int self, int cell, int content) {
        int now = row(self, cell);
        int row = Rows.row(now == Rows.ABSENT ? freshLife(cell) : Rows.life(now), content);
        Lock lock = now == Rows.ABSENT ? Lock.UPDATE : Lock.NO_KEY_UPDATE;
        return actor(self).tx().locked(cell, lock).write(cell, row);
    }

    /** Commits what {@code self} did on the authority, with its intents. */
    State commitAuthority(int self) {
        Tx tx = actor(self).tx();
        State next = with(self, actor(self).with(tx.withoutAuthority()));
        return new State(
                committed(tx, false),
                (intents & ~tx.removed()) | tx.added(),
                missed,
                unproven,
                mirroring,
                mishaps,
                next.actors);
    }

    /** Commits what {@code self} did on the mirror. */
    State commitMirror(int self) {
        Tx tx = actor(self).tx();
        State next = with(self, actor(self).with(tx.withoutMirror()));
        return new State(committed(tx, true), intents, missed, unproven, mirroring, mishaps, next.actors);
    }

    /** Commits what {@code self} did, in one database. */
    State commit(int self) {
        Tx tx = actor(self).tx();
        State authority = commitAuthority(self);
        return new State(
                authority.committed(tx, true),
                authority.intents,
                missed,
                unproven,
                mirroring,
                mishaps,
                with(self, actor(self).with(Tx.NONE)).actors);
    }

    private long committed(Tx tx, boolean mirror) {
        long next = rows;
        for (int cell = 0; cell < Rows.CELLS; cell++) {
            if (tx.wrote(cell) && Rows.isMirror(cell) == mirror) {
                next = Rows.with(next, cell, tx.row(cell));
            }
        }
        return next;
    }

    /** Returns a life for a row that no waiting or informed process can confuse with another. */
    private int freshLife(int cell) {
        int used = 1 << Rows.life(Rows.get(rows, cell));
        for (Actor actor : actors) {
            used |= 1 << Rows.life(Rows.get(actor.seen(), cell))
                    | 1 << Rows.life(actor.tx().row(cell));
        }
        return Integer.numberOfTrailingZeros(~(used | 1));
    }

    static int intentsOf(int key) {
        return ((1 << INTENTS_OF_A_KEY) - 1) << (key * INTENTS_OF_A_KEY);
    }

    /** Returns an intent for a key with an unused number. */
    int freshIntent(int key) {
        int used = intents;
        for (Actor actor : actors) {
            used |= actor.memory().intents() | actor.tx().added() | actor.tx().removed();
        }
        int free = ~used & intentsOf(key);
        if (free == 0) {
            throw new IllegalStateException(
                    "The model has numbers for " + INTENTS_OF_A_KEY + " intents of a key only.");
        }
        return Integer.lowestOneBit(free);
    }

    State append(int intent) {
        return new State(rows, intents | intent, missed, unproven, mirroring, mishaps, actors);
    }

    int missed(int key) {
        return (missed >>> (key * MISSED_BITS)) & NUMBER;
    }

    State withMissed(int key, int number) {
        int place = key * MISSED_BITS;
        int others = missed & ~(NUMBER << place);
        return new State(rows, intents, others | (number << place), unproven, mirroring, mishaps, actors);
    }

    /** Records that a key was missed, under a number that nobody has claimed. */
    State miss(int key) {
        int used = 1 | (1 << missed(key));
        for (Actor actor : actors) {
            used |= 1 << actor.memory().claim();
        }
        return withMissed(key, Integer.numberOfTrailingZeros(~used));
    }

    State withUnproven(int key) {
        return new State(rows, intents, missed, unproven | (1 << key), mirroring, mishaps, actors);
    }

    boolean isUnproven(int key) {
        return ((unproven >>> key) & 1) != 0;
    }

    State enterMirroring() {
        return new State(rows, intents, missed, unproven, true, mishaps, actors);
    }

    State afterMishap() {
        return new State(rows, intents, missed, unproven, mirroring, mishaps - 1, actors);
    }

    boolean isQueued(int key) {
        return (intents & intentsOf(key)) != 0 || missed(key) != 0;
    }

    boolean isLevel(int key) {
        return Rows.content(Rows.get(rows, Rows.authority(key))) == Rows.content(Rows.get(rows, Rows.mirror(key)));
    }

    boolean isUnmirroredWriting(int except) {
        for (int i = 0; i < actors.size(); i++) {
            if (i != except && actors.get(i).memory().unmirrored()) {
                return true;
            }
        }
        return false;
    }
}
