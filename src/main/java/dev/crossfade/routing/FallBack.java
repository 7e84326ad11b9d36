package dev.crossfade.routing;

/** Why a read that was meant for the modern side was answered by the legacy side. */
public enum FallBack {
    /** The modern row may be behind a write of this instance. */
    PENDING,
    /** Reads of the modern side failed lately, or too many are waiting for it. */
    BREAKER_OPEN,
    /** This read of the modern side failed. */
    FAILED
}
