package dev.crossfade.mapping;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Which column types can carry a key, and which modern type can take every key of a legacy type. */
public final class KeyTypes {

    private static final List<String> INTEGERS = List.of("smallint", "integer", "bigint");
    private static final Set<String> LIMITED_TEXT = Set.of("character varying");
    private static final Set<String> INEXACT = Set.of("real", "double precision");
    private static final Set<String> MANY_SPELLINGS =
            Set.of("interval", "money", "json", "jsonb", "xml", "time with time zone");

    /** Types of extensions whose texts hold floating-point numbers, in whatever schema. */
    private static final Pattern INEXACT_EXTENSIONS = Pattern.compile("(.*\\.)?(cube|seg|geometry|geography)");

    /** Object name types, which print with or without a schema, depending on the search path. */
    private static final Pattern OBJECT_NAMES =
            Pattern.compile("reg(class|collation|config|dictionary|namespace|oper|operator|proc|procedure|role|type)");

    /**
     * Types whose canonical text {@link Column#keyText} knows for columns of that type or a domain over it, but not
     * for arrays or composites of them.
     */
    private static final Set<String> CANONICAL_ALONE = Set.of(
            "bytea",
            "bpchar",
            "date",
            "timestamp without time zone",
            "timestamp with time zone",
            "daterange",
            "tsrange",
            "tstzrange",
            "numrange");

    private KeyTypes() {}

    /** Tells whether the type has a key text of its own, other than its text. */
    public static boolean isCanonicalAlone(Column column) {
        return CANONICAL_ALONE.contains(column.plainType())
                || column.isCitext()
                || column.base().equals("numeric");
    }

    /** Returns why columns of this type cannot be a key, empty if they can. */
    public static Optional<String> unfit(Column column) {
        String base = column.plainType();
        if (INEXACT.contains(base)) {
            return Optional.of("is a floating-point number, which two servers may round differently");
        }
        if (MANY_SPELLINGS.contains(base)) {
            return Optional.of("has several spellings of one value or depends on the session's settings");
        }
        if (INEXACT_EXTENSIONS.matcher(base).matches()) {
            return Optional.of("holds floating-point numbers, which two servers may round differently");
        }
        if (OBJECT_NAMES.matcher(base).matches()) {
            return Optional.of("is printed as the session's search_path has it");
        }
        return Optional.empty();
    }

    /** Tells whether every value of the legacy type is, unchanged, a value of the modern type. */
    public static boolean fits(Column legacy, Column modern) {
        if (legacy.type().equals(modern.type()) || legacy.base().equals(modern.base())) {
            return true;
        }
        String from = legacy.plainType();
        String to = modern.plainType();
        if (INTEGERS.contains(from)) {
            return INTEGERS.contains(to)
                    ? INTEGERS.indexOf(from) <= INTEGERS.indexOf(to)
                    : to.equals("numeric") && holdsInteger(from, Limits.of(modern.base()));
        }
        if (LIMITED_TEXT.contains(from) && to.equals("text")) {
            return true;
        }
        return from.equals(to) && contains(from, Limits.of(legacy.base()), Limits.of(modern.base()));
    }

    /**
     * Returns a key of one side as a value of the other side's column. If that column would round a number or a
     * timestamp, or cut off blanks, the value is null: every key column refuses null, whereas a changed value could
     * overwrite another key's row.
     */
    public static Field<Object> convert(Field<Object> key, Column from, Column to) {
        boolean same = from.base().equals(to.base()) || INTEGERS.contains(from.plainType());
        return same || !fits(to, from)
                ? to.cast(key)
                : DSL.field(
                        "case when cast({0} as {1}) = {0} then {2} end",
                        Object.class, key, DSL.raw(to.base()), to.cast(key));
    }

    private static boolean holdsInteger(String integer, Limits numeric) {
        int digits = switch (integer) {
            case "smallint" -> 5;
            case "integer" -> 10;
            default -> 19;
        };
        return numeric.isNone() || numeric.first() - numeric.second() >= digits;
    }

    /** Compares digits before and after the point for numeric, a length or a precision for all others. */
    private static boolean contains(String base, Limits narrow, Limits wide) {
        if (wide.isNone()) {
            return true;
        }
        if (narrow.isNone()) {
            return false;
        }
        return base.equals("numeric")
                ? narrow.second() <= wide.second() && narrow.first() - narrow.second() <= wide.first() - wide.second()
                : !base.equals("character") && narrow.first() <= wide.first();
    }
}
