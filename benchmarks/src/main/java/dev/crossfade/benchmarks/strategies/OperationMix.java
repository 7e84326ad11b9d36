package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.accounts.Account;
import java.util.SplittableRandom;

/**
 * Decides which operation comes next. An operation follows from its number alone, so every strategy gets the same
 * load.
 *
 * <p>Of a hundred, 55 find a key, 12 save an existing one, 20 save the hot key of the moment, 8 insert a new one, and
 * 5 delete an existing one. Eight operations in a row use the same hot key, as when several requests are about one
 * customer. Some callers write it at the same time, and afterwards nobody does, so what they left stays.
 *
 * @param rows how many rows the table had at first
 */
record OperationMix(int rows) {

    private static final int FINDS = 55;
    private static final int SAVES = FINDS + 12;
    private static final int HOT_SAVES = SAVES + 20;
    private static final int INSERTS = HOT_SAVES + 8;
    private static final int HUNDRED = 100;
    private static final int OPERATIONS_PER_HOT_KEY = 8;

    /** The kinds of operations. */
    enum Kind {
        FIND,
        SAVE,
        DELETE;

        boolean isWrite() {
            return this != FIND;
        }
    }

    /**
     * One operation.
     *
     * @param number its position in the load, which is part of what it saves
     */
    record Planned(long number, Kind kind, long key) {

        void run(AccountService service) throws Exception {
            switch (kind) {
                case FIND -> service.find(key);
                case SAVE -> service.save(written(key, number));
                case DELETE -> service.delete(key);
            }
        }
    }

    Planned at(long number) {
        SplittableRandom random = new SplittableRandom(number);
        int dice = random.nextInt(HUNDRED);
        long existing = 1 + random.nextLong(rows);
        if (dice < FINDS) {
            return new Planned(number, Kind.FIND, existing);
        }
        if (dice < SAVES) {
            return new Planned(number, Kind.SAVE, existing);
        }
        if (dice < HOT_SAVES) {
            return new Planned(number, Kind.SAVE, hot(number / OPERATIONS_PER_HOT_KEY));
        }
        return dice < INSERTS
                ? new Planned(number, Kind.SAVE, rows + 1 + number)
                : new Planned(number, Kind.DELETE, existing);
    }

    /** Returns what the operation with a number saves; no other one saves the same. */
    static Account written(long key, long number) {
        return new Account(key, "user" + key + ".w" + number + "@example.org", "First" + number + " Last" + key);
    }

    /** Returns the initial value of a key. */
    static Account initial(long key) {
        return new Account(key, "user" + key + "@example.org", "First" + key + " Last" + key);
    }

    private long hot(long moment) {
        // Negative seeds, which no operation uses.
        return 1 + new SplittableRandom(-1 - moment).nextLong(rows);
    }
}
