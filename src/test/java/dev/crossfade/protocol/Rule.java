package dev.crossfade.protocol;

/** The rules on which the protocol's guarantees rest. A model without a rule behaves like a naive program. */
enum Rule {

    // every topology

    /** Intents are only appended, and deleted by number; otherwise there is one for each key, kept if it exists. */
    INTENTS_ARE_APPENDED,
    /** A mirror write, or its intent, commits in the transaction of the authoritative write. */
    INTENT_COMMITS_WITH_THE_WRITE,
    /** A missed write is cleared only if it was not missed again since it was claimed. */
    CLEARED_BY_CLAIM,

    // one database

    /** A deletion and its mirror part are two statements. */
    DELETE_IN_TWO_STATEMENTS,
    /** Only keys that the authoritative statement returned are mirrored. */
    MIRROR_WHAT_WAS_RETURNED,
    /** The reconciler upserts only keys whose authoritative row it has locked. */
    RECONCILER_LOCKS_THE_AUTHORITATIVE_ROW,
    /**
     * The reconciler locks the mirror's row in a statement before the one that checks the authority and deletes the
     * row.
     */
    RECONCILER_LOOKS_AGAIN_AFTER_THE_LOCK,

    // two databases

    /** Only one applier at a time applies a key. */
    KEY_LOCK,
    /** The authoritative row is read in a statement that begins after the lock was taken. */
    READ_AFTER_THE_LOCK,
    /** Only intents that were there before the row was read are deleted. */
    INTENTS_NOTED_BEFORE_THE_READ,
    /** Intents are deleted for good only after the mirror has been committed. */
    INTENTS_GO_AFTER_THE_MIRROR,
    /**
     * An applier proves, with its mirror rows written, that the session of its locks is alive, before it commits them.
     */
    LOCKS_PROVEN_BEFORE_THE_MIRROR_COMMIT,
    /** An applier locks its keys in the mirror's database too, in the transaction that writes the mirror. */
    LOCKED_ON_THE_MIRROR_TOO,

    // rows that the mirror accepts only together

    /** A row that is refused alone is applied together with the rows that it needs, or whose values it is to get. */
    APPLIED_TOGETHER,
    /** If rows are applied together, all their keys are locked before the first row is read. */
    TOGETHER_UNDER_ALL_LOCKS,
    /** If rows are applied together, only intents from before the rows were read are deleted. */
    TOGETHER_WITH_ALL_INTENTS,
    /** A value that is given up, or a reference that is left out, is not committed before it is taken or added. */
    TOGETHER_IN_ONE_COMMIT,
    /** Rows are applied together only if each of them still has an intent, seen under the locks. */
    TOGETHER_NEEDS_EVERY_INTENT,

    // rows of several entities that the mirror accepts only together

    /** Whoever applies rows of several entities holds each entity at the stage that it saw. */
    CIRCLE_HOLDS_EVERY_ENTITY,
    /**
     * It checks again, in a statement after the lock on the mirror's row, that a row to delete is gone on the
     * authority.
     */
    CIRCLE_LOOKS_AGAIN_BEFORE_IT_DELETES,
    /** At the end each entity's keys are applied as usual: locked and read again. */
    CIRCLE_APPLIES_AS_EVER,

    // dropping the legacy side

    /** The record of a contraction commits with the DDL, if that runs in a transaction. */
    CONTRACTION_RECORDED_WITH_THE_DDL,
    /** If it does not, the record commits before the first statement. */
    CONTRACTION_RECORDED_BEFORE_THE_DDL,
    /**
     * A contraction holds the lock on the stage until its record commits, and reads the stage after it got the lock.
     */
    CONTRACTION_HOLDS_THE_STAGE,
    /** No contraction commits while there is a missed write. */
    CONTRACTION_OVER_NO_MISSED_WRITE,
    /** A step checks for the record of a contraction, under the lock on the stage. */
    STEPS_LOOK_FOR_A_CONTRACTION,
    /** The record of a contraction is deleted in the transaction that recreates the legacy side. */
    CONTRACTION_FORGOTTEN_WITH_THE_REVERT,
    /** A verification counts if it was made since the mirror was switched on. */
    EVIDENCE_BEGINS_WITH_THE_MIRROR,

    // entities that share transactions

    /** A step that would leave one of them on the other side is refused. */
    MOVES_TOGETHER,
    /** Entities that move together are recorded in one transaction. */
    TOGETHER_IN_ONE_STEP,
    /** A step holds the authority of every entity that it moves. */
    TOGETHER_STEP_HOLDS_ALL,
    /** A transaction whose entities have their authority in two databases is refused. */
    TRANSACTION_HAS_ONE_DATABASE,

    // backfill and verification

    /** The backfill begins once every write is mirrored and unmirrored ones have ended. */
    BACKFILL_WAITS_FOR_ALL_WRITERS,
    /** The backfill keeps locks on the rows that it copies until the mirror has them. */
    BACKFILL_LOCKS_ROWS,
    /** The backfill waits for rows that others have locked, rather than skipping them. */
    BACKFILL_SKIPS_NOTHING,
    /** The backfill never overwrites existing mirror rows. */
    BACKFILL_NEVER_OVERWRITES,
    /** The backfill proves, with its rows written, that the session of its locks is alive, before it commits them. */
    BACKFILL_PROVES_ITS_LOCKS,
    /** A verification follows the backfill, and queues the keys that differ. */
    VERIFIED_AFTER_THE_BACKFILL,

    // moving the authority

    /** A writer around the flip holds the authority shared, from before its write to its commit. */
    WRITERS_HOLD_THE_AUTHORITY,
    /** A writer proves its epoch in a statement after the one that took the authority. */
    EPOCH_PROVEN_AFTER_THE_LOCK,
    /** A flip commits only while the side that it leaves has no intent. */
    NO_FLIP_OVER_AN_INTENT,
    /** A flip commits only while there is no missed write. */
    NO_FLIP_OVER_A_MISSED_WRITE,
    /** A flip commits only if no missed write was discarded since its gates were asked. */
    NO_FLIP_OVER_A_DISCARD,
    /**
     * A flip back commits only while no key is noted whose modern row legacy cannot give back; this is its last
     * check.
     */
    NO_FLIP_BACK_OVER_A_LOSSY_KEY,
    /** A flip checks for transactions that write either table bypassing its lock. */
    FLIP_LOOKS_FOR_STRANGERS,
    /** A flip holds the authority in both databases, and capture takes it on both sides around the flip. */
    FLIP_HOLDS_BOTH_AUTHORITIES,
    /** Whoever appends an intent without a write holds the authority shared. */
    APPENDER_HOLDS_THE_AUTHORITY,
    /** It proves, in a statement after that, that its side decides and has a mirror. */
    APPENDER_PROVES_THE_DIRECTION,
    /** Whoever writes a mirror proves the direction while holding its applying lock. */
    APPLIER_PROVES_THE_DIRECTION,
    /** It holds that lock until it commits. */
    APPLIER_HOLDS_ITS_LOCK_TO_THE_END,
    /** It holds that lock, and proves the direction, in the mirror's database too. */
    APPLIER_LOCKS_IN_BOTH_DATABASES,
    /** Every step waits for holders of the applying lock. */
    STEPS_WAIT_FOR_APPLIERS,
    /** Steps to and from the stage without a mirror hold the authority exclusively, as a flip does. */
    STEPS_OF_MODERN_ONLY_HOLD_THE_AUTHORITY,
    /** A capture trigger takes the authority shared before it decides whether to note. */
    CAPTURE_HOLDS_THE_AUTHORITY,
    /** It reads the stage again once it holds it. */
    CAPTURE_LOOKS_AGAIN_UNDER_THE_LOCK,

    // moving the authority between two databases

    /** On the way back the modern database is fenced off before the step is recorded. */
    FENCED_BEFORE_IT_IS_RECORDED,
    /** An announced fence does not count as a decision. */
    DECIDED_IS_TOLD_FROM_ANNOUNCED,
    /** A writer marks an announced fence as decided, in its transaction. */
    DECIDED_BEFORE_THE_FIRST_WRITE,
    /** Whoever completes a step takes the step's locks and makes its checks. */
    COMPLETION_IS_A_STEP_TOO,

    // databases that go back in time

    /** An instance never accepts an epoch below one that it knows. */
    EPOCHS_NEVER_GO_BACK,
    /** An instance compares the record with the fence, and does not act under a record that is below it. */
    FENCES_ARE_COMPARED,
    /** Whoever applies or appends proves that neither database has gone back; otherwise the entity is frozen. */
    APPLIER_PROVES_THE_IDENTITY,
    /**
     * Whoever appends proves it in that transaction: an intent of a database that has gone back counts as a write
     * since.
     */
    APPENDER_PROVES_THE_IDENTITY,
    /** Whoever mirrors a row records with it which intents its read of the authoritative row could see. */
    MIRROR_KNOWS_WHAT_IT_GOT,
    /** An applier that relies on a fence being only announced reads it for share. */
    ANNOUNCED_IS_READ_FOR_SHARE,

    // an instance that starts without the modern database

    /**
     * It starts only if the control database has not gone back, by its own identity, and the entity is not frozen for
     * that.
     */
    START_PROVES_THE_RECORD,
    /** It never starts under a stage older than one that a live instance knows. */
    START_ASKS_THE_FLEET,

    // evidence

    /** A verification counts for the mapping that it was made with. */
    EVIDENCE_KNOWS_ITS_MAPPING,
    /** Whoever writes a mirror proves that its mapping is in force while holding its applying lock. */
    APPLIER_PROVES_ITS_MAPPING,
    /**
     * Another mapping comes into force as a step: under both locks, with a new epoch. Writers with the former one
     * only note.
     */
    MAPPING_CHANGE_IS_A_STEP,
    /** A verification counts for the databases that it compared, as long as neither has gone back. */
    EVIDENCE_KNOWS_ITS_DATABASES
}
