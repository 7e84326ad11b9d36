package dev.crossfade.cli.invocation;

import java.util.Locale;

/** The form of a report on standard output. */
enum Output {
    /** Prints text for people. */
    TEXT,
    /** Prints one JSON object and nothing else. */
    JSON;

    /** Returns the word of the flag's value. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
