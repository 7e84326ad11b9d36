package dev.crossfade.protocol;

/** The steps of a process. */
enum Step {
    /** No current work. */
    IDLE,
    /** A statement on the authority has its snapshot. */
    WRITE,
    /** The authority is written; the mirror part follows. */
    WRITTEN,
    /** A statement on the mirror has its snapshot. */
    MIRROR,
    /** All is written. */
    COMMIT,
    /** Only if the intent does not commit with the write: it is noted now. */
    NOTE,

    /** Intents are noted. */
    NOTED,
    /** A statement that locks or reads the authoritative row has its snapshot. */
    LOCK_AUTHORITY,
    AUTHORITY_LOCKED,
    /** A statement that locks the mirror's row has its snapshot. */
    LOCK_MIRROR,
    /** The locks are held. */
    LOCKED,
    /** It is known which intents still exist. */
    LOOKED,
    READ,
    /** The mirror is written and not committed. */
    MIRRORED,
    /** The session of the locks was alive after the mirror was written. */
    PROVEN,
    MIRROR_COMMITTED,
    /** The mirror refused the row. */
    REFUSED,
    /** The refusal is recorded. */
    MISSED,
    /** A missed write was applied. */
    APPLIED,

    /** Nothing is left to do. */
    DONE,
    /** Killed, and not started again. */
    DEAD
}
