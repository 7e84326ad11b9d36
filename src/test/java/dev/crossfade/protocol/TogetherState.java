package dev.crossfade.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of two keys that are accepted only together, with the processes that write and apply them. A row is 0 if
 * it is absent, otherwise its value.
 *
 * @param authority the committed authoritative rows, by key
 * @param mirror the committed mirror rows
 * @param intents a bit for each committed intent, {@link #INTENTS_OF_A_KEY} a key
 * @param mishaps crashes that may yet happen
 * @param parties the processes
 */
record TogetherState(
        List<Integer> authority, List<Integer> mirror, int intents, int mishaps, List<TogetherState.Party> parties) {

    static final int KEYS = 2;
    static final int ABSENT = 0;

    /** A mirror row whose value was given up, or which was inserted without its reference. */
    static final int EMPTIED = -1;

    private static final int INTENTS_OF_A_KEY = 6;

    /**
     * A process.
     *
     * @param at its step
     * @param writes how many writes it has made
     * @param keys a bit for each key that it works on
     * @param locks a bit for each key that it has locked
     * @param noted the intents that it works on
     * @param rows the rows that it read, or wrote to the mirror without committing
     */
    record Party(Place at, int writes, int keys, int locks, int noted, List<Integer> rows) {

        static final Party NEW = new Party(Place.IDLE, 0, 0, 0, 0, List.of());

        Party at(Place next) {
            return new Party(next, writes, keys, locks, noted, rows);
        }

        Party locking(int next) {
            return new Party(at, writes, keys, next, noted, rows);
        }

        Party noting(int next) {
            return new Party(at, writes, keys, locks, next, rows);
        }

        Party with(List<Integer> next) {
            return new Party(at, writes, keys, locks, noted, next);
        }

        boolean hasInHand(int key) {
            return (keys & 1 << key) != 0;
        }

        /** Whether it has an uncommitted row on the mirror. */
        boolean isWriting() {
            return at == Place.GIVEN_UP || at == Place.WRITTEN;
        }
    }

    /** The steps of a process. */
    enum Place {
        IDLE,
        CHOSEN,
        LOCKED,
        LOOKED,
        READ,
        GIVEN_UP,
        WRITTEN,
        COMMITTED,
        DEAD
    }

    static int intentsOf(int key) {
        return ((1 << INTENTS_OF_A_KEY) - 1) << (key * INTENTS_OF_A_KEY);
    }

    boolean isQueued(int key) {
        return (intents & intentsOf(key)) != 0;
    }

    /** Returns an intent for a key with an unused number. */
    int freshIntent(int key) {
        int used = intents;
        for (Party party : parties) {
            used |= party.noted();
        }
        return Integer.lowestOneBit(intentsOf(key) & ~used);
    }

    TogetherState with(int self, Party party) {
        List<Party> next = new ArrayList<>(parties);
        next.set(self, party);
        return new TogetherState(authority, mirror, intents, mishaps, List.copyOf(next));
    }

    TogetherState withIntents(int next) {
        return new TogetherState(authority, mirror, next, mishaps, parties);
    }

    TogetherState withAuthority(List<Integer> next) {
        return new TogetherState(next, mirror, intents, mishaps, parties);
    }

    TogetherState withMirror(List<Integer> next) {
        return new TogetherState(authority, next, intents, mishaps, parties);
    }

    TogetherState afterMishap() {
        return new TogetherState(authority, mirror, intents, mishaps - 1, parties);
    }
}
