package dev.crossfade.verify;

import dev.crossfade.model.InvalidInputException;

/** What a verification does about the differences that it finds. */
public sealed interface RepairMode {

    /** It names them. */
    record None() implements RepairMode {}

    /** It says what a repair would do. */
    record DryRun() implements RepairMode {}

    /** It brings the mirror up to date, unless that deletes or overwrites more than 100 rows and 1 % of them. */
    record Usual() implements RepairMode {}

    /**
     * It brings the mirror up to date, unless that deletes or overwrites more rows than somebody has agreed to.
     *
     * @param rows how many rows
     */
    record AtMost(long rows) implements RepairMode {

        /** Refuses what makes no sense. */
        public AtMost {
            if (rows < 0) {
                throw new InvalidInputException(
                        "The rows that a repair may delete or overwrite must be 0 or more, not %s.".formatted(rows));
            }
        }
    }
}
