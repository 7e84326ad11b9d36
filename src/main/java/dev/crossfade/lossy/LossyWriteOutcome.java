package dev.crossfade.lossy;

/** How a record's save ended that the legacy side does not bring back as it was given. */
public enum LossyWriteOutcome {
    /** A value became another one. */
    CHANGED,
    /** Its values are equal, and one is spelled differently, as the number 1.0 and 1.00. */
    RESPELLED,
    /** It was refused, and nothing was stored. */
    REFUSED
}
