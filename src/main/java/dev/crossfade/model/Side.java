package dev.crossfade.model;

import java.util.Locale;

/** One of the two schemas that a migration runs between. */
public enum Side {
    /** The schema that the service comes from. */
    LEGACY,
    /** The schema that the service moves to. */
    MODERN;

    /** Returns the other side. */
    public Side opposite() {
        return this == LEGACY ? MODERN : LEGACY;
    }

    /** Returns the lower-case word used in metrics, messages and files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
