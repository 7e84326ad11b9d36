package dev.crossfade.schema;

/** How far a migration's record says it is. */
public enum Progress {
    /**
     * Statements of the up file are being run; after a crash the one that follows the last recorded may have succeeded.
     */
    RUNNING,
    /** A statement of the up file failed; the one that follows the last recorded has not been done. */
    FAILED,
    /** Applied. */
    DONE,
    /** As {@link #RUNNING}, for the down file. */
    REVERTING,
    /** As {@link #FAILED}, for the down file. */
    REVERT_FAILED
}
