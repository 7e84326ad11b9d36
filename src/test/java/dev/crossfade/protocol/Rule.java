package dev.crossfade.protocol;

/** What the protocol's guarantees rest on. A model without one of the rules behaves as the naive program would. */
enum Rule {

    // every topology

    /** Intents are only ever appended, and deleted by number; else there is one for each key, kept if it is there. */
    INTENTS_ARE_APPENDED,
    /** A mirrored write happens in the transaction of the authoritative one, or its intent does. */
    INTENT_COMMITS_WITH_THE_WRITE,
    /** A missed write is cleared only if it was not missed again since it was claimed. */
    CLEARED_BY_CLAIM,

    // one database

    /** A deletion and its mirror part are two statements. */
    DELETE_IN_TWO_STATEMENTS,
    /** Keys that the authoritative statement did not return are left alone. */
    MIRROR_WHAT_WAS_RETURNED,
    /** The reconciler upserts only keys whose authoritative row it has locked. */
    RECONCILER_LOCKS_THE_AUTHORITATIVE_ROW,
    /** The reconciler locks the mirror's row in a statement before the one that looks at the authority and deletes it. */
    RECONCILER_LOOKS_AGAIN_AFTER_THE_LOCK,

    // two databases

    /** One applier at a time works on a key. */
    KEY_LOCK,
    /** The authoritative row is read in a statement that begins after the lock was taken. */
    READ_AFTER_THE_LOCK,
    /** Only intents that were there before the row was read are deleted. */
    INTENTS_NOTED_BEFORE_THE_READ,
    /** Intents are deleted for good only after the mirror has been committed. */
    INTENTS_GO_AFTER_THE_MIRROR,
    /** An applier proves, with its mirror rows written, that the session of its locks is alive, before it commits them. */
    LOCKS_PROVEN_BEFORE_THE_MIRROR_COMMIT,
    /** An applier locks its keys in the mirror's database too, in the transaction that writes the mirror. */
    LOCKED_ON_THE_MIRROR_TOO,

    // backfill and verification

    /** The backfill begins when every write is mirrored and those that were not have ended. */
    BACKFILL_WAITS_FOR_ALL_WRITERS,
    /** The backfill keeps locks on the rows that it copies until the mirror has them. */
    BACKFILL_LOCKS_ROWS,
    /** The backfill waits for rows that others have locked, rather than skipping them. */
    BACKFILL_SKIPS_NOTHING,
    /** The backfill leaves mirror rows alone that are there. */
    BACKFILL_NEVER_OVERWRITES,
    /** The backfill proves, with its rows written, that the session of its locks is alive, before it commits them. */
    BACKFILL_PROVES_ITS_LOCKS,
    /** A verification follows the backfill, and queues the keys that differ. */
    VERIFIED_AFTER_THE_BACKFILL
}
