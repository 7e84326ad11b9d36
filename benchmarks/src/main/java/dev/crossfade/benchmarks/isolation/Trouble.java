package dev.crossfade.benchmarks.isolation;

import java.util.Locale;

/** How the mirror treats its writers. */
enum Trouble {
    /** It works. */
    HEALTHY,
    /** It answers after half a second. */
    SLOW,
    /** It does not answer until the trouble ends. */
    HUNG,
    /** It answers with an error at once. */
    REFUSING,
    /** Another session's transaction locks its table until the trouble ends. */
    LOCKED,
    /** Its driver throws an {@link Error}. */
    ERROR;

    /** How long {@link #SLOW} takes. */
    static final long SLOW_MILLIS = 500;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
