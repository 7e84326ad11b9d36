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

    private static final Set<String> LENGTH_LIMITED = Set.of("character varying", "character", "bit", "bit varying");
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
        return LENGTH_LIMITED.contains(base) ? (base.equals("character") ? "bpchar" : base) : type;
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

    /** Returns {@code value}, which has this column's type, as canonical key text, equal in every session. */
    public Field<String> keyText(Field<?> value) {
        return switch (baseType()) {
            case "timestamp with time zone" ->
                DSL.field("to_char({0} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')", String.class, value);
            case "timestamp without time zone" ->
                DSL.field("to_char({0}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')", String.class, value);
            case "date" -> DSL.field("to_char({0}, 'YYYY-MM-DD')", String.class, value);
            case "bytea" -> DSL.field("'\\x' || encode({0}, 'hex')", String.class, value);
            case "numeric" -> DSL.field("cast(trim_scale({0}) as text)", String.class, value);
            default -> text(value);
        };
    }
}
