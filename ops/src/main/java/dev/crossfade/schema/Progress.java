package dev.crossfade.schema;

/** The progress in a migration's record. */
public enum Progress {
    /** Statements of the up file are running. After a crash, the one after the last recorded may have succeeded. */
    RUNNING,
    /** A statement of the up file failed. The one after the last recorded has not been done. */
    FAILED,
    /** Applied. */
    DONE,
    /** As {@link #RUNNING}, for the down file. */
    REVERTING,
    /** As {@link #FAILED}, for the down file. */
    REVERT_FAILED
}
