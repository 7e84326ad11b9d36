package dev.crossfade.mapping;

import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * A column of one side and the SQL expression over the other side's row that it follows from.
 *
 * @param column the column that gets the value
 * @param expression SQL over the columns of the other side's row
 */
public record Derived(Column column, String expression) {

    /** Returns the expression's value, converted as if stored into the column. */
    public Field<Object> value() {
        return column.cast(DSL.field("({0})", Object.class, DSL.raw(expression)));
    }
}
