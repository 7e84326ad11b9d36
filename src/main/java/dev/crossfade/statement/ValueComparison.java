package dev.crossfade.statement;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.crossfade.mapping.Column;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * Compares two values of a column: stored alike, equal and only spelled differently (as the numbers {@code 1.0} and
 * {@code 1.00}, or the intervals {@code 1 day} and {@code 24:00}), or different.
 *
 * <p>Values are different as the column's type compares them. Types without an equality (json, xml), with another
 * meaning of equality ({@code box} compares areas), and unknown types are compared by their texts. Texts are compared
 * byte by byte, whatever collation an expression brings along.
 *
 * @param column the column whose type both values have
 */
record ValueComparison(Column column) {

    /** Types whose values are equal exactly when they are stored alike. */
    private static final Set<String> PLAIN = Set.of(
            "smallint",
            "integer",
            "bigint",
            "oid",
            "boolean",
            "uuid",
            "date",
            "time without time zone",
            "timestamp with time zone",
            "timestamp without time zone",
            "bytea");

    /** Types with a reliable equality, some of whose values have several spellings. */
    private static final Set<String> WITH_EQUAL_SPELLINGS =
            Set.of("numeric", "real", "double precision", "interval", "time with time zone", "money", "jsonb");

    /** Returns the condition that two values are stored differently. */
    Condition isStoredDifferently(Field<?> one, Field<?> other) {
        if (PLAIN.contains(column.plainType())) {
            return distinct(one, other);
        }
        Condition byText = distinct(text(one), text(other));
        // A session may print fewer digits than there are; then two numbers share one text.
        return isComparable() ? byText.or(distinct(one, other)) : byText;
    }

    /** Returns the condition that two values that are stored differently also differ in value, not only in spelling. */
    Condition isDifferent(Field<?> one, Field<?> other) {
        if (column.isCitext()) {
            return distinct(folded(one), folded(other));
        }
        return isComparable() ? distinct(one, other) : isStoredDifferently(one, other);
    }

    /** Returns a value's text. */
    static Field<String> text(Field<?> value) {
        return field("cast({0} as text) collate {1}", String.class, value, name("C"));
    }

    /**
     * Tells whether equal values of the column's type may be stored differently and the type's equality is reliable.
     */
    boolean hasEqualSpellings() {
        return isComparable() || column.isCitext();
    }

    private boolean isComparable() {
        String base = column.plainType();
        String element = base.endsWith("[]") ? base.substring(0, base.length() - 2) : base;
        return WITH_EQUAL_SPELLINGS.contains(element);
    }

    private static Field<String> folded(Field<?> value) {
        return field("lower(cast({0} as text) collate {1})", String.class, value, name("default"));
    }

    private static Condition distinct(Field<?> one, Field<?> other) {
        return condition("{0} is distinct from {1}", one, other);
    }
}
