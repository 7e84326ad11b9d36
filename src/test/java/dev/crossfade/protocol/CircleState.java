package dev.crossfade.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of each of two entities that refer to each other, with the processes that write and apply them. A row is 0
 * if it is absent, otherwise its value. A row of the first entity always refers to the other one; a row of the second
 * one does if its value is even.
 *
 * @param legacy the committed rows of the legacy side, by entity
 * @param modern the committed rows of the modern side
 * @param acknowledged the row of each entity that was written last
 * @param moved whether the authority of the second entity has moved to the modern side
 * @param intents a bit for each committed intent, {@link #INTENTS_OF_A_QUEUE} a queue
 * @param mishaps crashes that may yet happen
 * @param parties the processes
 */
record CircleState(
        List<Integer> legacy,
        List<Integer> modern,
        List<Integer> acknowledged,
        boolean moved,
        int intents,
        int mishaps,
        List<CircleState.Party> parties) {

    static final int ENTITIES = 2;
    static final int ABSENT = 0;

    /** A mirror row that was inserted without its reference. */
    static final int EMPTIED = -1;

    /** The second entity's queue once its authority has moved; the others have the number of their entity. */
    static final int MOVED_QUEUE = 2;

    private static final int INTENTS_OF_A_QUEUE = 6;

    /**
     * A process.
     *
     * @param at its step
     * @param writes how many writes it has made
     * @param first the entity whose row it took, which was refused if it works on both
     * @param keys a bit for each row that it works on
     * @param locks a bit for each key, or authoritative row, that it has locked
     * @param mirrorLocks a bit for each mirror row that it has locked, or written without committing
     * @param held a bit for each entity whose applying lock it holds
     * @param noted the intents that it works on
     * @param gone a bit for each row that it saw absent from the authority
     * @param rows the rows that it read, or wrote without committing
     */
    record Party(
            Place at,
            int writes,
            int first,
            int keys,
            int locks,
            int mirrorLocks,
            int held,
            int noted,
            int gone,
            List<Integer> rows) {

        static final Party NEW = new Party(Place.IDLE, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

        /** A process that has taken rows and the intents that it knows of. */
        static Party taking(Place at, int first, int keys, int noted) {
            return new Party(at, 0, first, keys, 0, 0, 0, noted, 0, List.of());
        }

        Party at(Place next) {
            return new Party(next, writes, first, keys, locks, mirrorLocks, held, noted, gone, rows);
        }

        Party locking(int keysLocked, int entitiesHeld) {
            return new Party(at, writes, first, keys, keysLocked, mirrorLocks, entitiesHeld, noted, gone, rows);
        }

        Party lockingMirror(int next) {
            return new Party(at, writes, first, keys, locks, next, held, noted, gone, rows);
        }

        Party noting(int next) {
            return new Party(at, writes, first, keys, locks, mirrorLocks, held, next, gone, rows);
        }

        Party seeing(List<Integer> nextRows, int nextGone) {
            return new Party(at, writes, first, keys, locks, mirrorLocks, held, noted, nextGone, nextRows);
        }

        /** A writer between two of its writes. */
        Party rested() {
            return new Party(Place.IDLE, writes + 1, 0, 0, 0, 0, 0, 0, 0, List.of());
        }

        boolean hasInHand(int entity) {
            return has(keys, entity);
        }
    }

    /** The steps of a process. */
    enum Place {
        IDLE,
        REFUSED,
        CHOSEN,
        LOCKED,
        LOOKED,
        READ,
        WRITTEN,
        SURE,
        APPLIED,
        COMMITTED
    }

    static boolean has(int bits, int entity) {
        return (bits & 1 << entity) != 0;
    }

    static int intentsOf(int queue) {
        return ((1 << INTENTS_OF_A_QUEUE) - 1) << (queue * INTENTS_OF_A_QUEUE);
    }

    boolean isQueued(int queue) {
        return (intents & intentsOf(queue)) != 0;
    }

    /** Returns an intent with an unused number. */
    int freshIntent(int queue) {
        int used = intents;
        for (Party party : parties) {
            used |= party.noted();
        }
        int free = Integer.lowestOneBit(intentsOf(queue) & ~used);
        if (free == 0) {
            throw new IllegalStateException("more intents than the model has numbers for");
        }
        return free;
    }

    /** Whether another process has something locked. */
    boolean isLocked(int self, int bits) {
        for (int i = 0; i < parties.size(); i++) {
            if (i != self && (parties.get(i).locks() & bits) != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether another process has written or locked a row of the mirror. Rows that refer to each other block each
     * other.
     */
    boolean isMirrorLocked(int self) {
        for (int i = 0; i < parties.size(); i++) {
            if (i != self && parties.get(i).mirrorLocks() != 0) {
                return true;
            }
        }
        return false;
    }

    CircleState with(int self, Party party) {
        List<Party> next = new ArrayList<>(parties);
        next.set(self, party);
        return new CircleState(legacy, modern, acknowledged, moved, intents, mishaps, List.copyOf(next));
    }

    CircleState withIntents(int next) {
        return new CircleState(legacy, modern, acknowledged, moved, next, mishaps, parties);
    }

    CircleState withLegacy(List<Integer> next) {
        return new CircleState(next, modern, acknowledged, moved, intents, mishaps, parties);
    }

    CircleState withModern(List<Integer> next) {
        return new CircleState(legacy, next, acknowledged, moved, intents, mishaps, parties);
    }

    CircleState acknowledging(List<Integer> next) {
        return new CircleState(legacy, modern, next, moved, intents, mishaps, parties);
    }

    CircleState afterTheFlip() {
        return new CircleState(legacy, modern, acknowledged, true, intents, mishaps, parties);
    }

    CircleState afterMishap() {
        return new CircleState(legacy, modern, acknowledged, moved, intents, mishaps - 1, parties);
    }

    /** Rows of which some are replaced. */
    static List<Integer> replaced(List<Integer> rows, int entities, List<Integer> by) {
        List<Integer> next = new ArrayList<>(rows);
        for (int entity = 0; entity < ENTITIES; entity++) {
            if (has(entities, entity)) {
                next.set(entity, by.get(entity));
            }
        }
        return List.copyOf(next);
    }
}
