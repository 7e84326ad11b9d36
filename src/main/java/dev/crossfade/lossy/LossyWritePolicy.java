package dev.crossfade.lossy;

/**
 * What becomes of a save, while legacy decides, whose values the legacy side does not bring back as they were given.
 */
public enum LossyWritePolicy {
    /** It goes through, is counted and listed, and closes the gates of the read switch and of the authority's move. */
    REPORT,
    /** It fails with a {@link LossyWriteException}, and nothing is stored. */
    REFUSE,
    /** It goes through, and nothing is compared. */
    ALLOW
}
