package dev.crossfade.model;

/**
 * Text from elsewhere (a key, a name, a server's message) in a form that is harmless on a terminal or in a log:
 * characters that control a terminal, begin a new line, are invisible or change the direction of text are written as
 * {@code \}{@code u001b}. All others stay, in any language.
 */
public final class PrintableText {

    private PrintableText() {}

    /** Returns text that stays on one line. */
    public static String of(String text) {
        return escaped(text, false);
    }

    /** As {@link #of}, for text of several lines, which may contain tabs. */
    public static String ofLines(String text) {
        return escaped(text.replace("\r\n", "\n"), true);
    }

    private static String escaped(String text, boolean lines) {
        if (text.codePoints().noneMatch(PrintableText::isHarmful)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (!isHarmful(point) || (lines && (point == '\n' || point == '\t'))) {
                escaped.appendCodePoint(point);
            } else {
                for (char unit : Character.toChars(point)) {
                    escaped.append("\\u%04x".formatted((int) unit));
                }
            }
        });
        return escaped.toString();
    }

    /** Control and format characters, line separators, unpaired surrogates, and unassigned code points. */
    private static boolean isHarmful(int point) {
        if (point >= 0xFDD0 && point <= 0xFDEF) {
            return true;
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
