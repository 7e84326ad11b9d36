package dev.crossfade.cli.log;

/** The forms of the log on standard error. */
public enum LogFormat {
    /** A line for people. */
    TEXT,
    /** A JSON object a line, for collectors. */
    JSON
}
