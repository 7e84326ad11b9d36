package dev.crossfade.protocol;

/**
 * The uncommitted work of a process. With two databases these are two transactions: one has the cells of the
 * authority and the intents, the other those of the mirror.
 *
 * @param locks two bits for each cell
 * @param written a bit for each cell that has an uncommitted row
 * @param rows these rows
 * @param added intents that were appended
 * @param removed intents that were deleted
 */
record Tx(int locks, int written, long rows, int added, int removed) {

    static final Tx NONE = new Tx(0, 0, 0, 0, 0);

    private static final Lock[] LOCKS = Lock.values();

    Lock lock(int cell) {
        return LOCKS[(locks >>> (2 * cell)) & 3];
    }

    boolean wrote(int cell) {
        return ((written >>> cell) & 1) != 0;
    }

    int row(int cell) {
        return Rows.get(rows, cell);
    }

    Tx locked(int cell, Lock lock) {
        int stronger = Math.max(lock(cell).ordinal(), lock.ordinal());
        return new Tx((locks & ~(3 << (2 * cell))) | (stronger << (2 * cell)), written, rows, added, removed);
    }

    Tx write(int cell, int row) {
        return new Tx(locks, written | (1 << cell), Rows.with(rows, cell, row), added, removed);
    }

    Tx append(int intent) {
        return new Tx(locks, written, rows, added | intent, removed);
    }

    Tx remove(int intents) {
        return new Tx(locks, written, rows, added, removed | intents);
    }

    /** Returns it without its work on the mirror. */
    Tx withoutMirror() {
        Tx left = new Tx(locks, written, rows, added, removed);
        for (int cell = Rows.KEYS; cell < Rows.CELLS; cell++) {
            left = left.without(cell);
        }
        return left;
    }

    /** Returns it without its work on the authority. */
    Tx withoutAuthority() {
        Tx left = new Tx(locks, written, rows, 0, 0);
        for (int cell = 0; cell < Rows.KEYS; cell++) {
            left = left.without(cell);
        }
        return left;
    }

    private Tx without(int cell) {
        return new Tx(locks & ~(3 << (2 * cell)), written & ~(1 << cell), Rows.with(rows, cell, 0), added, removed);
    }
}
