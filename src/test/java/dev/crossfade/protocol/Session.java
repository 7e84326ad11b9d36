package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of a process in one database: its locks and uncommitted changes.
 *
 * @param open whether there is one
 * @param locks advisory locks, two bits each
 * @param rowLocks two bits: the rows that are locked
 * @param written two bits: the rows that have an uncommitted content
 * @param rows the uncommitted contents, as {@link Data#rows()}
 * @param added intents that were appended
 * @param removed intents that were deleted
 * @param standing the standing to which the record or the fence is raised, null if it is not
 * @param decides whether the standing is marked as decided
 * @param sharesStanding whether it holds a share lock on the row of the standing
 * @param missed the missed write that is recorded, 0 if it is cleared, otherwise {@link #UNCHANGED}
 * @param discards whether it counts a discard
 */
record Session(
        boolean open,
        int locks,
        int rowLocks,
        int written,
        int rows,
        int added,
        int removed,
        @Nullable Standing standing,
        boolean decides,
        boolean sharesStanding,
        int missed,
        boolean discards) {

    static final int UNCHANGED = -1;

    static final Session NONE = new Session(false, 0, 0, 0, 0, 0, 0, null, false, false, UNCHANGED, false);

    private Session with(int nextLocks, int nextRowLocks) {
        return new Session(
                true,
                nextLocks,
                nextRowLocks,
                written,
                rows,
                added,
                removed,
                standing,
                decides,
                sharesStanding,
                missed,
                discards);
    }

    /** Returns it with an open transaction. */
    Session begun() {
        return with(locks, rowLocks);
    }

    Session locking(int lock) {
        return with(locks | lock, rowLocks);
    }

    Session without(int lock) {
        return with(locks & ~lock, rowLocks);
    }

    boolean holds(int lock) {
        return (locks & lock) != 0;
    }

    Session lockingRow(Side side) {
        return with(locks, rowLocks | (1 << side.ordinal()));
    }

    boolean hasRow(Side side) {
        return (rowLocks & (1 << side.ordinal())) != 0;
    }

    boolean wrote(Side side) {
        return (written & (1 << side.ordinal())) != 0;
    }

    Session write(Side side, int row) {
        int bit = 1 << side.ordinal();
        return new Session(
                true,
                locks,
                rowLocks | bit,
                written | bit,
                Data.with(rows, side, row),
                added,
                removed,
                standing,
                decides,
                sharesStanding,
                missed,
                discards);
    }

    Session intents(int appended, int deleted) {
        return new Session(
                true,
                locks,
                rowLocks,
                written,
                rows,
                added | appended,
                removed | deleted,
                standing,
                decides,
                sharesStanding,
                missed,
                discards);
    }

    /** Raises the record or the fence. */
    Session raise(Standing next, boolean decided) {
        return new Session(
                true, locks, rowLocks, written, rows, added, removed, next, decided, sharesStanding, missed, discards);
    }

    Session decide() {
        return new Session(
                true, locks, rowLocks, written, rows, added, removed, standing, true, sharesStanding, missed, discards);
    }

    Session shareStanding() {
        return new Session(
                true, locks, rowLocks, written, rows, added, removed, standing, decides, true, missed, discards);
    }

    Session miss(int number) {
        return new Session(
                true,
                locks,
                rowLocks,
                written,
                rows,
                added,
                removed,
                standing,
                decides,
                sharesStanding,
                number,
                discards);
    }

    /** Forgets the missed write although the mirror is stale. */
    Session discard() {
        return new Session(
                true, locks, rowLocks, written, rows, added, removed, standing, decides, sharesStanding, 0, true);
    }

    boolean changesStanding() {
        return standing != null || decides;
    }
}
