package dev.crossfade.shadow;

/** What a sampled read is compared with. */
public enum Pairing {
    /** The legacy side's answer with the modern side's. */
    LEGACY_WITH_MODERN,
    /** The legacy side's answer with the legacy side's, asked again: what differs here is noise, not a fault. */
    LEGACY_WITH_LEGACY
}
