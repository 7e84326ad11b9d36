package dev.crossfade.mapping;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which column types can carry a key, and which modern type can take every key of a legacy type. */
final class KeyTypes {

    private static final List<String> INTEGERS = List.of("smallint", "integer", "bigint");
    private static final Set<String> LIMITED_TEXT = Set.of("character varying");
    private static final Set<String> INEXACT = Set.of("real", "double precision");
    private static final Set<String> MANY_SPELLINGS =
            Set.of("interval", "money", "json", "jsonb", "xml", "time with time zone");
    private static final Pattern NUMBERS = Pattern.compile("\\((-?\\d+)(?:,(-?\\d+))?\\)");

    /** A type's length or precision, and its scale; -1 where there is no limit. */
    private record Limits(int first, int second) {
        static Limits of(String type) {
            Matcher matcher = NUMBERS.matcher(type);
            if (!matcher.find()) {
                return new Limits(-1, -1);
            }
            String scale = matcher.group(2);
            return new Limits(Integer.parseInt(matcher.group(1)), scale == null ? 0 : Integer.parseInt(scale));
        }

        boolean unlimited() {
            return first < 0;
        }
    }

    private KeyTypes() {}

    /** Returns why columns of this type cannot be a key, empty if they can. */
    static Optional<String> unfit(Column column) {
        String base = column.baseType();
        if (INEXACT.contains(base)) {
            return Optional.of("is a floating-point number, which two servers may round differently");
        }
        if (MANY_SPELLINGS.contains(base)) {
            return Optional.of("has several spellings of one value or depends on the session's settings");
        }
        return Optional.empty();
    }

    /** Tells whether every value of the legacy type is, unchanged, a value of the modern type. */
    static boolean fits(Column legacy, Column modern) {
        if (legacy.type().equals(modern.type())) {
            return true;
        }
        String from = legacy.baseType();
        String to = modern.baseType();
        if (INTEGERS.contains(from)) {
            return INTEGERS.contains(to)
                    ? INTEGERS.indexOf(from) <= INTEGERS.indexOf(to)
                    : to.equals("numeric") && holdsInteger(from, Limits.of(modern.type()));
        }
        if (LIMITED_TEXT.contains(from) && to.equals("text")) {
            return true;
        }
        return from.equals(to) && contains(from, Limits.of(legacy.type()), Limits.of(modern.type()));
    }

    private static boolean holdsInteger(String integer, Limits numeric) {
        int digits = switch (integer) {
            case "smallint" -> 5;
            case "integer" -> 10;
            default -> 19;
        };
        return numeric.unlimited() || numeric.first() - numeric.second() >= digits;
    }

    /** For numeric, digits before and after the point; for all others a length or a precision. */
    private static boolean contains(String base, Limits narrow, Limits wide) {
        if (wide.unlimited()) {
            return true;
        }
        if (narrow.unlimited()) {
            return false;
        }
        return base.equals("numeric")
                ? narrow.second() <= wide.second() && narrow.first() - narrow.second() <= wide.first() - wide.second()
                : !base.equals("character") && narrow.first() <= wide.first();
    }
}
