package dev.crossfade.read;

/** Why a read meant for the modern side was answered by the legacy side. */
public enum FallBack {
    /** The key has a write whose mirror may be stale. */
    PENDING,
    /** The modern side has failed too often recently. */
    BREAKER_OPEN,
    /** The read of the modern side failed. */
    FAILED
}
