package dev.crossfade.sql;

/**
 * One lexical unit of PostgreSQL SQL.
 *
 * @param text the unit as written, quotes and comment marks included
 * @param start index of the first character in the scanned text
 * @param end index after the last character
 * @param line line of the first character, from 1
 */
public record SqlToken(Kind kind, String text, int start, int end, int line) {

    /** What a token is, as far as characters alone tell. */
    public enum Kind {
        /** A keyword or an unquoted identifier. */
        WORD,
        /** {@code "…"} or {@code U&"…"}. */
        QUOTED_IDENTIFIER,
        /** {@code '…'} with any prefix, its continuation lines, or {@code $tag$…$tag$}. */
        STRING,
        /** A number without its sign. */
        NUMBER,
        /** An operator, a parenthesis or bracket, {@code , ; . : :: :=}, or a parameter such as {@code $1}. */
        SYMBOL,
        /** {@code -- …} up to the line's end, or {@code /* … *}{@code /}. */
        COMMENT
    }

    /** Tells whether this is the given keyword or unquoted identifier, ignoring case. */
    public boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    /** Tells whether this is the given symbol. */
    public boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }
}
