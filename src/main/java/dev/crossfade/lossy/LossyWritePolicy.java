package dev.crossfade.lossy;

/** How to treat a save, while legacy decides, whose values come back from the legacy side changed. */
public enum LossyWritePolicy {
    /** It succeeds, is counted and listed, and closes the gates of the read switch and of the authority's move. */
    REPORT,
    /** It fails with a {@link LossyWriteException}, and nothing is stored. */
    REFUSE,
    /** It succeeds, and nothing is compared. */
    ALLOW
}
