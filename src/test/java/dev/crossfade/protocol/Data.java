package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/**
 * The committed state of one database: the rows of the one key, of one side or of both, and the protocol's own
 * records.
 *
 * @param rows four bits for each side: what the row holds, 0 if it is absent
 * @param intents a bit for each intent
 * @param standing the record, or the fence
 * @param decided whether the standing was decided; otherwise it was only announced
 * @param missed the number of the missed write, 0 for none
 * @param discards how many missed writes were discarded
 * @param brought the other database's intents that were visible when the mirror row here was copied, of those that
 *         still exist
 */
record Data(int rows, int intents, Standing standing, boolean decided, int missed, int discards, int brought) {

    private static final int BITS = 4;
    private static final int ROW = (1 << BITS) - 1;

    static int get(int rows, Side side) {
        return (rows >>> (BITS * side.ordinal())) & ROW;
    }

    static int with(int rows, Side side, int row) {
        int place = BITS * side.ordinal();
        return (rows & ~(ROW << place)) | (row << place);
    }

    /** Returns the state after a transaction. */
    Data after(Session tx) {
        int next = rows;
        for (Side side : Side.values()) {
            next = tx.wrote(side) ? with(next, side, get(tx.rows(), side)) : next;
        }
        boolean raised = tx.standing() != null;
        return new Data(
                next,
                (intents & ~tx.removed()) | tx.added(),
                raised ? tx.standing() : standing,
                tx.decides() || (!raised && decided),
                tx.missed() == Session.UNCHANGED ? missed : tx.missed(),
                discards + (tx.discards() ? 1 : 0),
                brought);
    }

    Data brought(int next) {
        return next == brought ? this : new Data(rows, intents, standing, decided, missed, discards, next);
    }
}
