package dev.crossfade.mapping;

import dev.crossfade.sql.UndecodableText;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * A column and its PostgreSQL type.
 *
 * @param name the column's name as the catalog spells it
 * @param type the type as {@code format_type} prints it, schema-qualified unless built in, for example
 *     {@code numeric(10,2)}
 * @param base the type with domains resolved, in the same form: {@code character varying(5)[]} for an array of a
 *         domain over {@code character varying(5)}; the type itself if there is no domain
 */
public record Column(String name, String type, String base) {

    private static final String ARRAY = "[]";

    /** Range types to bound types, for bounds that PostgreSQL prints by the session's settings or in several ways. */
    private static final Map<String, String> BOUNDS = Map.of(
            "daterange", "date",
            "tsrange", "timestamp without time zone",
            "tstzrange", "timestamp with time zone",
            "numrange", "numeric");

    private static final Set<String> CHARACTERS = Set.of("character varying", "character");
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

    /** Types whose equal values all print the same. */
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

    /** Types whose texts have nothing but ASCII. */
    private static final Set<String> ASCII = Set.of(
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "oid",
            "boolean",
            "uuid",
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

    /** Makes a column whose type is no domain and no array of one. */
    public Column(String name, String type) {
        this(name, type, type);
    }

    /** Returns the type without domains, length and precision. */
    public String plainType() {
        return withoutLimits(base);
    }

    /**
     * Returns the type that values are cast to. A length limit is left off, and so is a domain, which may hide one:
     * an explicit cast would truncate the value in silence, whereas storing it reports the error.
     */
    public String castType() {
        return unlimited(element()) + (isArray() ? ARRAY : "");
    }

    private String unlimited(String element) {
        return switch (withoutLimits(element)) {
            case "character" -> "bpchar";
            case "character varying" -> "character varying";
            // bit without a length is bit(1)
            case "bit", "bit varying" -> "bit varying";
            default -> element;
        };
    }

    private boolean isArray() {
        return base.endsWith(ARRAY);
    }

    private String element() {
        return isArray() ? base.substring(0, base.length() - ARRAY.length()) : base;
    }

    private static String withoutLimits(String type) {
        return type.replaceAll("\\([^)]*\\)", "");
    }

    /**
     * Tells whether equal values of this type may be spelled differently, as {@code 1.0} and {@code 1.00} or, in
     * {@code citext}, {@code Java} and {@code java}. Unknown types count as such.
     */
    public boolean hasManySpellings() {
        boolean fixedScale = base.startsWith("numeric(");
        return !fixedScale && !ONE_SPELLING.contains(plainType());
    }

    /**
     * Returns {@code value} cast to this column's type without its limits: storing it into the column applies these.
     */
    public Field<Object> cast(Field<?> value) {
        return DSL.field("cast({0} as {1})", Object.class, value, DSL.raw(castType()));
    }

    /**
     * Returns {@code value} as it would be stored: padded or cut to the column's length, with the default collation.
     * Only for comparisons: a value that does not fit is cut in silence.
     */
    public Field<Object> stored(Field<?> value) {
        return cast(value, base);
    }

    /**
     * Returns {@code value} cast to the column's type itself, domain and length included. Its collation yields to
     * that of the other operand: rows of both sides meet in one statement, and the server refuses to choose between
     * two collations.
     */
    public Field<Object> typed(Field<?> value) {
        return cast(value, type);
    }

    /**
     * Returns {@code value}, which has this column's type, for a comparison with a value of the other side, whose
     * collation may differ.
     */
    public Field<?> neutral(Field<?> value) {
        return COLLATED.contains(plainType()) ? DSL.field("({0}) collate \"default\"", Object.class, value) : value;
    }

    private Field<Object> cast(Field<?> value, String to) {
        String template = COLLATED.contains(plainType()) ? "cast({0} as {1}) collate \"default\"" : "cast({0} as {1})";
        return DSL.field(template, Object.class, value, DSL.raw(to));
    }

    /**
     * Returns {@code value}, which has been {@linkplain #cast cast}, as storing it makes it: blanks beyond the
     * column's length are cut off, and the elements of arrays padded. A value that the column rejects stays different
     * from all values that the column may hold.
     */
    Field<Object> kept(Field<Object> value) {
        boolean text = CHARACTERS.contains(withoutLimits(element()))
                && !Limits.of(base).isNone();
        if (text && isArray()) {
            return DSL.field(
                    "case when cast(cast({0} as {1}) as bpchar[]) collate \"C\" = cast({0} as bpchar[]) then cast({0} as {1}) else {0} end",
                    Object.class, value, DSL.raw(base));
        }
        // the compared text of a character(n) has no trailing blanks
        return text && plainType().equals("character varying")
                ? DSL.field(
                        "left({0}, {1}) || rtrim(substr({0}, {1} + 1), ' ')",
                        Object.class, value, DSL.inline(Limits.of(base).first()))
                : value;
    }

    /** Returns {@code value}, which has this column's type, as PostgreSQL prints it. */
    public static Field<String> text(Field<?> value) {
        return DSL.field("cast({0} as text)", String.class, value);
    }

    /**
     * Returns {@code value}, which has this column's type, in a form in which values are equal exactly when they
     * would be stored alike: {@code 1.0} differs from {@code 1.00}, and so do JSON documents of different spelling.
     * Texts are compared byte by byte, whatever the columns' collations: given two, the server refuses to choose.
     */
    public Field<?> comparable(Field<?> value) {
        if (EXACTLY_COMPARABLE.contains(plainType()) && !COLLATED.contains(plainType())) {
            return value;
        }
        return byteByByte(COLLATED.contains(plainType()) && !plainType().equals("character") ? value : text(value));
    }

    /**
     * As {@link #comparable}, in a form whose hash depends on every bit: a server folds a number of 64 bits, such as a
     * time, into 32 before it hashes it, so that -1 and 4294967295 have the same hash.
     */
    public Field<?> hashable(Field<?> value) {
        return switch (plainType()) {
            case "bigint" -> DSL.field("int8send({0})", byte[].class, value);
            case "timestamp without time zone" -> DSL.field("timestamp_send({0})", byte[].class, value);
            case "timestamp with time zone" -> DSL.field("timestamptz_send({0})", byte[].class, value);
            default -> comparable(value);
        };
    }

    /** Returns a text that is compared byte by byte. */
    static Field<String> byteByByte(Field<?> text) {
        return DSL.field("{0} collate \"C\"", String.class, text);
    }

    /**
     * Returns {@code value}, which has this column's type, as canonical key text: equal in every session, and equal for
     * two values exactly when they are the same key. Cast back to the type, it is equal to the value, though not always
     * spelled as it is: {@code 1.00} has the key text {@code 1}, and the {@code citext} {@code Java} has {@code java}.
     * Every value has one, also a text that its database cannot hand out: see {@link UndecodableText}.
     */
    public Field<String> keyText(Field<?> value) {
        if (isRange()) {
            return range(
                    value, bound(DSL.field("lower({0})", Object.class, value)), bound(DSL.field("upper({0})", value)));
        }
        if (isAscii()) {
            return scalar(plainType(), value);
        }
        return UndecodableText.spelled(isCitext() ? folded(value) : text(value));
    }

    /** Returns the value, of this column's type without its limits, whose key text is {@code text}. */
    public Field<Object> ofKeyText(Field<?> text) {
        return cast(isRange() || isAscii() ? text : UndecodableText.original(text));
    }

    private boolean isAscii() {
        return ASCII.contains(withoutLimits(element()));
    }

    private static Field<String> scalar(String type, Field<?> value) {
        return switch (type) {
            case "timestamp with time zone" ->
                moment(
                        value,
                        DSL.field("{0} at time zone 'UTC'", Object.class, value),
                        DSL.inline("YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\""));
            case "timestamp without time zone" -> moment(value, value, DSL.inline("YYYY-MM-DD\"T\"HH24:MI:SS.US"));
            case "date" -> moment(value, value, DSL.inline("YYYY-MM-DD"));
            case "bytea" -> DSL.field("'\\x' || encode({0}, 'hex')", String.class, value);
            case "numeric" -> DSL.field("cast(trim_scale({0}) as text)", String.class, value);
            default -> text(value);
        };
    }

    /** Tells whether this column of a mapping is treated like the live one, whose domains the catalog has resolved. */
    public boolean isUnderstoodAs(Column live) {
        return base.equals(live.base) || (Limits.of(live.base).isNone() && !KeyTypes.isCanonicalAlone(live));
    }

    /** Tells whether this is a range whose bounds have a canonical text of their own. */
    public boolean isRange() {
        return BOUNDS.containsKey(base);
    }

    private Field<String> bound(Field<?> value) {
        return DSL.field(
                "coalesce('\"' || {0} || '\"', '')",
                String.class, scalar(Objects.requireNonNull(BOUNDS.get(base)), value));
    }

    /** A range as PostgreSQL writes it, except for its bounds. */
    private static Field<String> range(Field<?> value, Field<String> lower, Field<String> upper) {
        return DSL.field(
                "case when isempty({0}) then 'empty' else case when lower_inc({0}) then '[' else '(' end || {1} || ',' || {2} || case when upper_inc({0}) then ']' else ')' end end",
                String.class, value, lower, upper);
    }

    /**
     * The text of a date or timestamp with its era, which no pattern prints by itself, or the word for an infinite
     * one.
     */
    private static Field<String> moment(Field<?> value, Field<?> local, Field<String> pattern) {
        return DSL.field(
                "case when isfinite({0}) then to_char({1}, {2}) || case when extract(year from {1}) < 0 then ' BC' else '' end else cast({0} as text) end",
                String.class, value, local, pattern);
    }

    /** Folds a text as the type itself does before it compares. */
    private static Field<String> folded(Field<?> value) {
        return DSL.field("lower(cast({0} as text) collate \"default\")", String.class, value);
    }

    /** Tells whether this is the type of the extension citext, in whatever schema. */
    public boolean isCitext() {
        return base.equals("citext") || base.endsWith(".citext");
    }

    /** Prints name and type. A mapping's fingerprint, which every instance must agree on, is made from this. */
    @Override
    public String toString() {
        return "Column[name=%s, type=%s]".formatted(name, type);
    }
}
