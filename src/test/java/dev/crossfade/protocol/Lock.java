package dev.crossfade.protocol;

/** The row locks of PostgreSQL that matter here, in the order of their strength. */
enum Lock {
    NONE,
    KEY_SHARE,
    NO_KEY_UPDATE,
    UPDATE;

    boolean conflictsWith(Lock other) {
        return this != NONE && other != NONE && ordinal() + other.ordinal() > UPDATE.ordinal();
    }
}
