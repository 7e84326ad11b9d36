package dev.crossfade.verify;

import dev.crossfade.model.InvalidInputException;

/** What a verification does about the differences it finds. */
public sealed interface RepairMode {

    /** It reports them. */
    record None() implements RepairMode {}

    /** It reports what a repair would do. */
    record DryRun() implements RepairMode {}

    /** It brings the mirror up to date, unless that deletes or overwrites more than 100 rows and 1 % of them. */
    record Usual() implements RepairMode {}

    /**
     * It brings the mirror up to date, unless that deletes or overwrites more rows than allowed.
     *
     * @param rows how many rows
     */
    record AtMost(long rows) implements RepairMode {

        /** Refuses an invalid number. */
        public AtMost {
            if (rows < 0) {
                throw new InvalidInputException(
                        "The rows that a repair may delete or overwrite must be 0 or more, not %s.".formatted(rows));
            }
        }
    }
}
