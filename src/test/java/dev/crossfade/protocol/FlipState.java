package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Both databases and the processes at one moment. With one database the first has everything, and the second is not
 * used.
 *
 * @param shared whether both sides are in one database
 * @param legacy the control database, with the legacy table
 * @param modern the other database
 * @param standby the state of a standby that no longer follows, null if there is none
 * @param facts what else is true
 */
record FlipState(
        boolean shared, Data legacy, Data modern, @Nullable Data standby, Facts facts, List<FlipActor> actors) {

    /** An intent is a bit of these. */
    static final int INTENTS = 12;

    FlipActor actor(int self) {
        return actors.get(self);
    }

    FlipState with(int self, FlipActor actor) {
        List<FlipActor> next = new ArrayList<>(actors);
        next.set(self, actor);
        return new FlipState(shared, legacy, modern, standby, facts, List.copyOf(next));
    }

    FlipState with(Facts next) {
        return new FlipState(shared, legacy, modern, standby, next, actors);
    }

    FlipState with(int database, Data data) {
        return database == 0
                ? new FlipState(shared, data, modern, standby, facts, actors)
                : new FlipState(shared, legacy, data, standby, facts, actors);
    }

    FlipState withStandby(@Nullable Data data) {
        return new FlipState(shared, legacy, modern, data, facts, actors);
    }

    /** The same state, sharing equal processes and databases with other states. */
    FlipState sharing(UnaryOperator<Object> one) {
        return new FlipState(
                shared,
                (Data) one.apply(legacy),
                (Data) one.apply(modern),
                standby == null ? null : (Data) one.apply(standby),
                (Facts) one.apply(facts),
                actors.stream().map(actor -> (FlipActor) one.apply(actor)).toList());
    }

    /** The database of a side. */
    int home(Side side) {
        return shared ? 0 : side.ordinal();
    }

    Data data(int database) {
        return database == 0 ? legacy : modern;
    }

    Standing record() {
        return legacy.standing();
    }

    /** The committed row of a side. */
    int row(Side side) {
        return Data.get(data(home(side)).rows(), side);
    }

    int intents(Side side) {
        return data(home(side)).intents();
    }

    /** The decided standing: the record, or a fence above it that was not only announced. */
    Standing decided() {
        boolean fenced = !shared && modern.standing().isAbove(legacy.standing()) && modern.decided();
        return fenced ? modern.standing() : legacy.standing();
    }

    boolean isFree(int self, int database, int... locks) {
        for (int lock : locks) {
            boolean exclusive = (lock & 0b101010) != 0;
            int conflicts = exclusive ? lock | (lock >>> 1) : lock << 1;
            for (int i = 0; i < actors.size(); i++) {
                if (i != self && actors.get(i).session(database).holds(conflicts)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the row of a side is locked by another process. */
    boolean isRowLocked(int self, Side side) {
        int database = home(side);
        for (int i = 0; i < actors.size(); i++) {
            if (i != self && actors.get(i).session(database).hasRow(side)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the row of the standing cannot be changed, because another process has changed it or reads it for
     * share.
     */
    boolean isStandingLocked(int self, int database, boolean toShare) {
        for (int i = 0; i < actors.size(); i++) {
            Session other = actors.get(i).session(database);
            if (i != self && (other.changesStanding() || (!toShare && other.sharesStanding()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether another process has written a side's table and not committed. */
    boolean isWritten(int self, Side side) {
        int database = home(side);
        for (int i = 0; i < actors.size(); i++) {
            if (i != self && actors.get(i).session(database).wrote(side)) {
                return true;
            }
        }
        return false;
    }

    /** Commits the transaction of {@code self} in a database; its locks end. */
    FlipState commit(int self, int database) {
        Session tx = actor(self).session(database);
        return with(database, data(database).after(tx))
                .with(self, actor(self).with(database, Session.NONE))
                .forgetting();
    }

    /** Drops records of intents that no longer exist. */
    FlipState forgetting() {
        int left = legacy.intents() | modern.intents() | (standby == null ? 0 : standby.intents());
        return with(0, legacy.brought(legacy.brought() & left)).with(1, modern.brought(modern.brought() & left));
    }

    /** Returns an intent with an unused number. */
    int freshIntent() {
        int used = legacy.intents() | modern.intents() | (standby == null ? 0 : standby.intents());
        for (FlipActor actor : actors) {
            used |= actor.intents() | actor.seen();
            used |= actor.legacy().added() | actor.legacy().removed();
            used |= actor.modern().added() | actor.modern().removed();
        }
        int free = ~used & ((1 << INTENTS) - 1);
        if (free == 0) {
            throw new IllegalStateException("The model has numbers for " + INTENTS + " intents only.");
        }
        return Integer.lowestOneBit(free);
    }

    /** The number of a missed write that nobody has claimed. */
    int freshMissed() {
        int used = 1 | (1 << legacy.missed());
        for (FlipActor actor : actors) {
            used |= 1 << actor.number();
        }
        return Integer.numberOfTrailingZeros(~used);
    }

    FlipState acknowledged(int content) {
        return with(facts.acknowledged(content));
    }

    FlipState frozen() {
        return with(facts.frozen(true));
    }

    FlipState unnoted() {
        return with(facts.unnoted(true));
    }

    FlipState wrong(Wrong what) {
        return facts.wrong() == Wrong.NOTHING ? with(facts.wrong(what)) : this;
    }
}
