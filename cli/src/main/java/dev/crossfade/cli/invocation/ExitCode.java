package dev.crossfade.cli.invocation;

/** How a command ended, for scripts. */
public enum ExitCode {
    /** Done. */
    DONE,
    /** A problem was found: differences, missed writes, a database that cannot be used. */
    PROBLEM,
    /** Wrong use or bad input; nothing was done. */
    MISUSE,
    /** A gate refused; nothing was done. */
    REFUSED;

    /** Returns the number. */
    public int number() {
        return ordinal();
    }
}
