package dev.crossfade.model;

/**
 * Text from elsewhere (a key, a name, what a server said) in a form that does no harm on a terminal or in a log:
 * characters that control a terminal, begin a new line, are invisible or change the direction of what is around them
 * are written as {@code \}{@code u001b}. All others stay, whatever their language.
 */
public final class PrintableText {

    private PrintableText() {}

    /** Returns text that stays on one line. */
    public static String of(String text) {
        return escaped(text, false);
    }

    /** As {@link #of}, of text that is made of several lines on purpose, which may be indented by tabs. */
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

    /** Control and format characters, separators of lines, halves of characters, and what is no character. */
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
