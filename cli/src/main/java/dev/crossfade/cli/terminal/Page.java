package dev.crossfade.cli.terminal;

import java.io.PrintWriter;

/**
 * Prints text for people: lines, titles and aligned tables, coloured where that helps. All text is {@link PlainText},
 * so a key or a name cannot colour, move or break a line.
 */
public final class Page {

    /** Marks the start of the first tone until the line is printed. It is a character of no language. */
    private static final char FIRST_MARK = '\uFDD0';

    private static final char END_MARK = '\uFDEF';

    private final PrintWriter out;
    private final boolean colours;

    public Page(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    /** The meaning of a piece of text. */
    public enum Tone {
        PLAIN(""),
        TITLE("\u001B[1m"),
        GOOD("\u001B[32m"),
        WARNING("\u001B[33m"),
        BAD("\u001B[31m"),
        FAINT("\u001B[2m");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    /** Prints a line. */
    public void line(String format, Object... values) {
        print(values.length == 0 ? format : format.formatted(values));
    }

    /** Prints an empty line. */
    public void gap() {
        out.println();
    }

    /** Prints a heading. */
    public void title(String text) {
        print(paint(text, Tone.TITLE));
    }

    /** Prints a table; omits one without rows. */
    public void table(Table table) {
        table.lines(this).forEach(this::print);
    }

    /** Returns text that is printed in the colour of its tone, unchanged where colours are off. */
    public String paint(String text, Tone tone) {
        return colours && tone != Tone.PLAIN && !text.isEmpty()
                ? (char) (FIRST_MARK + tone.ordinal()) + text + END_MARK
                : text;
    }

    private void print(String line) {
        if (!colours) {
            out.println(PlainText.line(line));
            return;
        }
        StringBuilder coloured = new StringBuilder();
        int done = 0;
        for (int i = 0; i <= line.length(); i++) {
            String code = i == line.length() ? "" : code(line.charAt(i));
            if (i == line.length() || !code.isEmpty()) {
                coloured.append(PlainText.line(line.substring(done, i))).append(code);
                done = i + 1;
            }
        }
        out.println(coloured);
    }

    /** Returns the escape sequence of a mark, empty for any other character. */
    private static String code(char mark) {
        if (mark == END_MARK) {
            return "\u001B[0m";
        }
        int tone = mark - FIRST_MARK;
        return tone >= 0 && tone < Tone.values().length ? Tone.values()[tone].code : "";
    }
}
