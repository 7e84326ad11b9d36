package dev.crossfade.cli;

/** The forms of the log on standard error. */
enum LogFormat {
    /** A line for people. */
    TEXT,
    /** A JSON object a line, for collectors. */
    JSON
}
