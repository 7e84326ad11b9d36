package dev.crossfade.statement;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.crossfade.mapping.Column;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * Tells two values of a column apart: stored alike, equal and only spelled differently (as the numbers {@code 1.0} and
 * {@code 1.00}, or the intervals {@code 1 day} and {@code 24:00}), or different.
 *
 * <p>Values are different as the column's type compares them. Types without an equality of their own (json, xml), those
 * whose equality says something else ({@code box} compares areas), and those that are not known here are compared by
 * their texts; so are texts themselves, byte by byte, whatever collation an expression brings along.
 *
 * @param column the column that both values have the type of
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

    /** Types that can be trusted to know which of their values are equal, of which some have several spellings. */
    private static final Set<String> WITH_EQUAL_SPELLINGS =
            Set.of("numeric", "real", "double precision", "interval", "time with time zone", "money", "jsonb");

    /** Returns the condition that two values are stored differently. */
    Condition isStoredDifferently(Field<?> one, Field<?> other) {
        if (PLAIN.contains(column.plainType())) {
            return distinct(one, other);
        }
        Condition byText = distinct(text(one), text(other));
        // Where a session prints fewer digits than there are, two numbers have one text.
        return isComparable() ? byText.or(distinct(one, other)) : byText;
    }

    /** Returns the condition that two values, which are stored differently, are different, and not only spelled so. */
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
     * Tells whether equal values of the column's type may be stored differently, and the type can be trusted to tell.
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
