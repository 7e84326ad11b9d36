package dev.crossfade.benchmarks.isolation;

import java.util.Locale;

/** What the mirror does to those who write it. */
enum Trouble {
    /** Nothing. */
    HEALTHY,
    /** It answers after half a second. */
    SLOW,
    /** It does not answer until the trouble ends. */
    HUNG,
    /** It answers with an error at once. */
    REFUSING,
    /** Its table is locked by a transaction of someone else's until the trouble ends. */
    LOCKED,
    /** Its driver throws an {@link Error}. */
    ERROR;

    /** What {@link #SLOW} takes. */
    static final long SLOW_MILLIS = 500;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
