package dev.crossfade.cli.terminal;

import dev.crossfade.model.PrintableText;
import dev.crossfade.sql.ConnectionUrl;
import java.util.regex.Pattern;

/**
 * What everything goes through that is printed or logged as text: nothing in it controls the terminal, and URLs are
 * shown without logins and passwords, whoever quoted them.
 */
public final class PlainText {

    private static final Pattern OTHER_LINES = Pattern.compile("\n(?![ -]|$)");

    private PlainText() {}

    /** Returns text that stays on one line. */
    public static String line(String text) {
        return PrintableText.of(ConnectionUrl.withoutSecretsIn(text));
    }

    /** Returns text that may have several lines, as a stack trace has. */
    public static String lines(String text) {
        return PrintableText.ofLines(ConnectionUrl.withoutSecretsIn(text));
    }

    /**
     * Returns a message of ours, which may have several lines. All but the first are indented, so that a name in it
     * that breaks the line cannot begin another message.
     */
    public static String message(String text) {
        return OTHER_LINES.matcher(lines(text)).replaceAll("\n  ");
    }

    /** Returns JSON whose strings hold what a terminal may take for an instruction as escapes too. */
    public static String json(String json) {
        // JSON itself escapes control characters up to U+001F, so those that are left are between its values.
        return PrintableText.ofLines(json);
    }
}
