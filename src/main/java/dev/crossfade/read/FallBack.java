package dev.crossfade.read;

/** Why a read meant for the modern side was answered by the legacy side. */
public enum FallBack {
    /** The key has a write whose mirror may be behind. */
    PENDING,
    /** The modern side has failed too often of late. */
    BREAKER_OPEN,
    /** The modern side was asked and failed. */
    FAILED
}
