package dev.crossfade.protocol;

/** The advisory locks of an entity, in each database; they end with the transaction. */
enum Advisory {
    /** Shared by writers around the flip, by capture and by whoever appends an intent; exclusive for the flip. */
    AUTHORITY,
    /** Shared by whoever writes a mirror; exclusive for every step. */
    APPLYING,
    /** Of the key: exclusive for an applier. */
    KEY;

    int shared() {
        return 1 << (2 * ordinal());
    }

    int exclusive() {
        return 2 << (2 * ordinal());
    }
}
