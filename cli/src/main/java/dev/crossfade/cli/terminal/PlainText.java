package dev.crossfade.cli.terminal;

import dev.crossfade.model.PrintableText;
import dev.crossfade.sql.ConnectionUrl;
import java.util.regex.Pattern;

/**
 * Cleans all text that is printed or logged: nothing in it controls the terminal, and URLs are shown without logins
 * and passwords, whoever quoted them.
 */
public final class PlainText {

    private static final Pattern OTHER_LINES = Pattern.compile("\n(?![ -]|$)");

    private PlainText() {}

    /** Returns text on one line. */
    public static String line(String text) {
        return PrintableText.of(ConnectionUrl.withoutSecretsIn(text));
    }

    /** Returns text that may have several lines, such as a stack trace. */
    public static String lines(String text) {
        return PrintableText.ofLines(ConnectionUrl.withoutSecretsIn(text));
    }

    /**
     * Returns one of Crossfade's messages, which may have several lines. All but the first are indented, so that a
     * name with a line break in it cannot start another message.
     */
    public static String message(String text) {
        return OTHER_LINES.matcher(lines(text)).replaceAll("\n  ");
    }

    /** Returns JSON in whose strings everything is escaped that a terminal may take for an instruction. */
    public static String json(String json) {
        // JSON itself escapes control characters up to U+001F, so those that are left are between its values.
        return PrintableText.ofLines(json);
    }
}
