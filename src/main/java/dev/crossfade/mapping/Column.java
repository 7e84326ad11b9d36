package dev.crossfade.mapping;

import java.util.Set;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * A column and its PostgreSQL type.
 *
 * @param name the column's name as the catalog spells it
 * @param type the type as {@code format_type} prints it, schema-qualified unless built in, for example {@code numeric(10,2)}
 */
public record Column(String name, String type) {

    private static final Set<String> COLLATED = Set.of("text", "character varying", "character");
    private static final Set<String> EXACTLY_COMPARABLE = Set.of(
            "smallint",
            "integer",
            "bigint",
            "boolean",
            "uuid",
            "date",
            "text",
            "character varying",
            "bytea",
            "timestamp with time zone",
            "timestamp without time zone");

    /** Types whose equal values are the same value: whatever is stored of it is printed in one way. */
    private static final Set<String> ONE_SPELLING = Set.of(
            "smallint",
            "integer",
            "bigint",
            "oid",
            "boolean",
            "uuid",
            "text",
            "character varying",
            "character",
            "name",
            "\"char\"",
            "bytea",
            "bit",
            "bit varying",
            "date",
            "time without time zone",
            "timestamp with time zone",
            "timestamp without time zone",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8");

    /** Returns the type without length and precision. */
    String baseType() {
        return type.replaceAll("\\([^)]*\\)", "");
    }

    /**
     * Returns the type that values are cast to. A length limit is left off: an explicit cast would cut the value off in
     * silence, where storing it reports the error.
     */
    String castType() {
        String base = baseType();
        return switch (base) {
            case "character" -> "bpchar";
            case "character varying" -> base;
            // bit without a length is bit(1)
            case "bit", "bit varying" -> "bit varying";
            default -> type;
        };
    }

    /**
     * Tells whether equal values of this type may be spelled differently, as {@code 1.0} and {@code 1.00} or, in {@code
     * citext}, {@code Java} and {@code java}. Types that are not known here count as such.
     */
    boolean hasManySpellings() {
        boolean fixedScale = type.startsWith("numeric(");
        return !fixedScale && !ONE_SPELLING.contains(baseType());
    }

    /** Returns {@code value} cast to this column's type, as storing it would convert it. */
    public Field<Object> cast(Field<?> value) {
        return DSL.field("cast({0} as {1})", Object.class, value, DSL.raw(castType()));
    }

    /**
     * Returns {@code value} as it is once it is stored: padded or cut to the column's length, and compared as by default. For
     * looking at it alone: what does not fit is cut in silence.
     */
    Field<Object> stored(Field<?> value) {
        String template = COLLATED.contains(baseType()) ? "cast({0} as {1}) collate \"default\"" : "cast({0} as {1})";
        return DSL.field(template, Object.class, value, DSL.raw(type));
    }

    /** Returns {@code value}, which has this column's type, as PostgreSQL prints it. */
    public static Field<String> text(Field<?> value) {
        return DSL.field("cast({0} as text)", String.class, value);
    }

    /**
     * Returns {@code value}, which has this column's type, in a form in which values are equal exactly when they would
     * be stored alike: {@code 1.0} differs from {@code 1.00}, and so do JSON documents of different spelling.
     */
    public Field<?> comparable(Field<?> value) {
        return EXACTLY_COMPARABLE.contains(baseType()) ? value : text(value);
    }

    /**
     * Returns {@code value}, which has this column's type, as canonical key text: equal in every session, and equal for two
     * values exactly when they are the same key. Cast back to the type, it is equal to the value, though not always spelled
     * as it is: {@code 1.00} has the key text {@code 1}, and the {@code citext} {@code Java} has {@code java}.
     */
    public Field<String> keyText(Field<?> value) {
        return switch (baseType()) {
            case "timestamp with time zone" ->
                moment(
                        value,
                        DSL.field("{0} at time zone 'UTC'", Object.class, value),
                        DSL.inline("YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\""));
            case "timestamp without time zone" -> moment(value, value, DSL.inline("YYYY-MM-DD\"T\"HH24:MI:SS.US"));
            case "date" -> moment(value, value, DSL.inline("YYYY-MM-DD"));
            case "bytea" -> DSL.field("'\\x' || encode({0}, 'hex')", String.class, value);
            case "numeric" -> DSL.field("cast(trim_scale({0}) as text)", String.class, value);
            default -> isCitext() ? folded(value) : text(value);
        };
    }

    /** A date or a timestamp with its era, which no pattern prints by itself, or the word for an infinite one. */
    private static Field<String> moment(Field<?> value, Field<?> local, Field<String> pattern) {
        return DSL.field(
                "case when isfinite({0}) then to_char({1}, {2}) || case when extract(year from {1}) < 0 then ' BC' else '' end else cast({0} as text) end",
                String.class, value, local, pattern);
    }

    /** As the type itself folds texts before it compares them. */
    private static Field<String> folded(Field<?> value) {
        return DSL.field("lower(cast({0} as text) collate \"default\")", String.class, value);
    }

    /** Tells whether this is the type of the extension citext, in whatever schema. */
    boolean isCitext() {
        return type.equals("citext") || type.endsWith(".citext");
    }
}
