package dev.crossfade.shadow;

/** The two answers that a comparison compares. */
public enum Pairing {
    /** The legacy side's answer with the modern side's. */
    LEGACY_WITH_MODERN,
    /** The legacy side's answer with a second answer of the legacy side: differences are noise, not faults. */
    LEGACY_WITH_LEGACY
}
