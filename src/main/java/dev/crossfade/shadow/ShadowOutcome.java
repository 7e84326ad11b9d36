package dev.crossfade.shadow;

/** How the comparison of a sampled read ended. */
public enum ShadowOutcome {
    /** Both sides answered the same. */
    EQUAL,
    /** The sides differ, and did so again without a write in between. */
    MISMATCHED,
    /** The record was being written, or its mirror is known to be stale: no conclusion. */
    UNSETTLED,
    /** A side could not be read: no conclusion. */
    FAILED
}
