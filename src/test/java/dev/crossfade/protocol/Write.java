package dev.crossfade.protocol;

/** What a writer does to a key. */
enum Write {
    /** An upsert that mirrors in the same statement. */
    SAVE_AT_ONCE,
    /** An upsert, and its mirror part in another statement of the same transaction. */
    SAVE,
    /** A save that the mirror refuses. */
    SAVE_UNFIT,
    /** How a save is run again after its mirror part failed. */
    SAVE_AND_NOTE,
    /** A change of the second column alone. */
    UPDATE,
    DELETE,
    /** A deletion and a save in one transaction. */
    REPLACE
}
