package dev.crossfade.cli;

import java.io.PrintWriter;

/** Text for people: lines, titles and aligned tables, coloured where that helps. */
final class Page {

    private final PrintWriter out;
    private final boolean colours;

    Page(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    /** How a piece of text is meant. */
    enum Tone {
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
    void line(String format, Object... values) {
        out.println(values.length == 0 ? format : format.formatted(values));
    }

    /** Prints an empty line. */
    void gap() {
        out.println();
    }

    /** Prints a line that heads what follows. */
    void title(String text) {
        out.println(paint(text, Tone.TITLE));
    }

    /** Prints a table; one without rows is left out. */
    void table(Table table) {
        for (String line : table.lines(this)) {
            out.println(line);
        }
    }

    /** Returns text in the colour of its tone, unchanged where colours are off. */
    String paint(String text, Tone tone) {
        return colours && tone != Tone.PLAIN && !text.isEmpty() ? tone.code + text + "\u001B[0m" : text;
    }
}
