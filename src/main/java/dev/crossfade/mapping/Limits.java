package dev.crossfade.mapping;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type's length or precision, and its scale; -1 where there is no limit.
 *
 * @param first the length, or the precision
 * @param second the scale; 0 where a precision has none
 */
public record Limits(int first, int second) {

    private static final Pattern NUMBERS = Pattern.compile("\\((-?\\d+)(?:,(-?\\d+))?\\)");

    /** Reads them from a type as {@code format_type} prints it. */
    public static Limits of(String type) {
        Matcher matcher = NUMBERS.matcher(type);
        if (!matcher.find()) {
            return new Limits(-1, -1);
        }
        String scale = matcher.group(2);
        return new Limits(Integer.parseInt(matcher.group(1)), scale == null ? 0 : Integer.parseInt(scale));
    }

    public boolean isNone() {
        return first < 0;
    }
}
