package dev.crossfade.protocol;

/** The advisory locks of an entity, in each database; they end with the transaction. */
enum Advisory {
    /** Held shared by writers around the flip, by capture and by whoever appends an intent; exclusively by the flip. */
    AUTHORITY,
    /** Held shared by whoever writes a mirror; exclusively by every step. */
    APPLYING,
    /** The lock of the key: held exclusively by an applier. */
    KEY;

    int shared() {
        return 1 << (2 * ordinal());
    }

    int exclusive() {
        return 2 << (2 * ordinal());
    }
}
