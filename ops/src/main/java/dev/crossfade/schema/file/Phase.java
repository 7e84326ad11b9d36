package dev.crossfade.schema.file;

import java.util.Locale;

/** What a migration does to those who still use the earlier structure. */
public enum Phase {
    /** Adds; the service keeps running unchanged. */
    EXPAND,
    /** Drops; runs only when every entity that it names is at {@code MODERN_ONLY}. */
    CONTRACT;

    /** Returns the lower-case word used in files, metrics and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
