package dev.crossfade.codegen;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Escapes texts for Java source, so that they keep their meaning. */
final class JavaText {

    private JavaText() {}

    /** Returns an expression for {@code text}: a string literal, or a text block where it has several lines. */
    static String literal(String text, String indent) {
        if (text.indexOf('\n') < 0) {
            return '"' + escaped(text).replace("\"", "\\\"") + '"';
        }
        boolean ends = text.endsWith("\n");
        String content = ends ? text.substring(0, text.length() - 1) : text;
        return Stream.of(content.split("\n", -1))
                .map(JavaText::blockLine)
                .map(line -> line.isEmpty() ? "" : indent + line)
                .collect(Collectors.joining("\n", "\"\"\"\n", (ends ? "\n" : "\\\n") + indent + "\"\"\""));
    }

    /** Returns {@code text} escaped for Javadoc. */
    static String javadoc(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;")
                .replace("*/", "*&#47;")
                .replace("\\", "&#92;")
                .replaceAll("\\s+", " ");
    }

    /** Returns {@code text} for Javadoc, as code. */
    static String code(String text) {
        return "<code>" + javadoc(text) + "</code>";
    }

    /**
     * Returns a line of a text block, escaped so that the stripping of indentation and trailing white space does not
     * change it.
     */
    private static String blockLine(String line) {
        String escaped = escaped(line).replace("\"\"\"", "\\\"\\\"\\\"");
        return escaped.endsWith(" ") ? escaped.substring(0, escaped.length() - 1) + "\\s" : escaped;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\t' -> escaped.append("\\t");
                case '\r' -> escaped.append("\\r");
                default -> {
                    boolean printable = (c >= ' ' && c < 0x7f) || (c > 0x9f && Character.isLetterOrDigit(c));
                    escaped.append(printable ? String.valueOf((char) c) : "\\u%04x".formatted(c));
                }
            }
        });
        return escaped.toString();
    }
}
