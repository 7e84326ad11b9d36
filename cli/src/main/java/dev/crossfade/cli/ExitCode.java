package dev.crossfade.cli;

/** How a command ended, as scripts see it. */
enum ExitCode {
    /** Done. */
    DONE,
    /** A problem was found: differences, missed writes, a database that cannot be used. */
    PROBLEM,
    /** Wrong use or bad input; nothing was done. */
    MISUSE,
    /** A gate refused; nothing was done. */
    REFUSED;

    /** Returns the number. */
    int number() {
        return ordinal();
    }
}
