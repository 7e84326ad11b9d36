package dev.crossfade.protocol;

/**
 * The rows of both tables, four of them in a {@code long}: a cell for each key on the authority, then a cell for each
 * key on the mirror. A row is 0 if it is absent, otherwise its life, which distinguishes it from an earlier row of
 * the same key, and two columns. A partial update writes the second column alone.
 */
final class Rows {

    static final int KEYS = 2;
    static final int CELLS = 2 * KEYS;
    static final int ABSENT = 0;

    /** In the first column: the mirror refuses the row. */
    static final int UNFIT = 14;
    /** In both columns: the row existed at the beginning. */
    static final int INITIAL = 15;

    private static final int ROW_BITS = 16;
    private static final int COLUMN_BITS = 4;
    private static final int COLUMN = (1 << COLUMN_BITS) - 1;
    private static final int CONTENT = (1 << (2 * COLUMN_BITS)) - 1;

    private Rows() {}

    static int authority(int key) {
        return key;
    }

    static int mirror(int key) {
        return KEYS + key;
    }

    static boolean isMirror(int cell) {
        return cell >= KEYS;
    }

    static int get(long rows, int cell) {
        return (int) (rows >>> (cell * ROW_BITS)) & 0xFFFF;
    }

    static long with(long rows, int cell, int row) {
        int place = cell * ROW_BITS;
        return (rows & ~(0xFFFFL << place)) | ((long) row << place);
    }

    static int row(int life, int content) {
        return (life << (2 * COLUMN_BITS)) | content;
    }

    static int content(int first, int second) {
        return (first << COLUMN_BITS) | second;
    }

    static int life(int row) {
        return row >>> (2 * COLUMN_BITS);
    }

    static int content(int row) {
        return row & CONTENT;
    }

    static int first(int row) {
        return (row >>> COLUMN_BITS) & COLUMN;
    }

    static boolean fits(int row) {
        return first(row) != UNFIT;
    }
}
