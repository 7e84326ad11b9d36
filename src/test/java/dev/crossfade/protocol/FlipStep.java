package dev.crossfade.protocol;

/** The steps of a process that runs while flips run. */
enum FlipStep {
    /** No current work. */
    IDLE,
    /** It knows the stage under which it will act. */
    PINNED,
    /** The statement that takes the authority's lock has its snapshot. */
    LOCKING,
    /** The authority's lock is held. */
    LOCKED,
    /** The epoch, or the direction, is proven. */
    PROVEN,
    /** The authoritative row is written. */
    WRITTEN,
    /** All is written. */
    COMMIT,

    /** Intents are noted. */
    NOTED,
    /** The key is locked in the control database. */
    KEY_LOCKED,
    /** The applying lock is held there. */
    APPLYING,
    /** Both are held in the mirror's database too. */
    APPLYING_THERE,
    /** The direction is proven wherever it has to be. */
    DIRECTED,
    READ,
    MIRRORED,
    /** The intents are deleted, which proved that the session is alive. */
    DELETED,
    MIRROR_COMMITTED,
    /** The mirror refused the row. */
    REFUSED,
    /** The refusal is recorded. */
    RECORDED,
    /** A missed write was applied. */
    APPLIED,

    /** The gates were asked. */
    ASKED,
    DRAINED,
    /** Appliers are blocked in the control database. */
    HELD_OFF,
    /** Appliers are blocked in both databases. */
    HELD_OFF_THERE,
    /** Nobody was seen to write bypassing the lock. */
    LOOKED,
    /** There are no intents, no missed writes, no discards. */
    CLEAR,
    /** The step was announced to the other database, or its writers were fenced off. */
    FENCED,
    RECORDED_STEP,

    DONE,
    /** Killed, and not started again. */
    DEAD
}
