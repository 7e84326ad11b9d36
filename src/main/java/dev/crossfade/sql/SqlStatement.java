package dev.crossfade.sql;

/**
 * One statement of a script.
 *
 * @param text the statement as written, from its first to its last token: no surrounding comments, no semicolon
 * @param line line of its first token in the script, from 1
 */
public record SqlStatement(String text, int line) {}
