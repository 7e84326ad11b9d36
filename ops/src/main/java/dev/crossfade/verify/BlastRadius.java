package dev.crossfade.verify;

import dev.crossfade.model.Side;
import java.util.List;

/**
 * Limits how many rows of a mirror a repair may delete or overwrite without somebody's consent. A repair trusts the
 * authoritative side; if that side was damaged, the mirror's rows are the last copies.
 *
 * @param allowed how many rows
 */
public record BlastRadius(long allowed) {

    private static final long ROWS = 100;
    private static final long ONE_IN = 100;

    /** Returns the default limit: 100 rows or one in a hundred, whichever is more. */
    public static BlastRadius usual(long rowsOfMirror) {
        return new BlastRadius(Math.max(ROWS, rowsOfMirror / ONE_IN));
    }

    /** Returns those differences whose repair deletes or overwrites a row of the mirror. */
    static List<Difference> destructive(List<Difference> differences, Side authority) {
        return differences.stream().filter(one -> destroys(one, authority)).toList();
    }

    /**
     * Tells whether the repair of a difference deletes or overwrites a row of the mirror, and does not just add one.
     */
    public static boolean destroys(Difference difference, Side authority) {
        return switch (difference) {
            case Difference.Missing missing -> authority == Side.MODERN;
            case Difference.Extra extra -> authority == Side.LEGACY;
            case Difference.Different different -> true;
            // It becomes a missed write, and the mirror stays as it is.
            case Difference.Unreadable unreadable -> false;
        };
    }
}
