package dev.crossfade.lossy;

/** The outcome of a save whose values come back from the legacy side changed. */
public enum LossyWriteOutcome {
    /** A value changed. */
    CHANGED,
    /** All values are equal, but one is spelled differently, as the numbers 1.0 and 1.00. */
    RESPELLED,
    /** The save was refused, and nothing was stored. */
    REFUSED
}
