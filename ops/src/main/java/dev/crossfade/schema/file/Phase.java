package dev.crossfade.schema.file;

import java.util.Locale;

/** What a migration does to those who still use the structure of before. */
public enum Phase {
    /** Adds; the service goes on as it is. */
    EXPAND,
    /** Takes away; runs only when every entity that it names is at {@code MODERN_ONLY}. */
    CONTRACT;

    /** Returns the lower-case word used in files, metrics and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
