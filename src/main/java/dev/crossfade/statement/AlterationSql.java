package dev.crossfade.statement;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.when;

import dev.crossfade.mapping.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * The expressions that compare given values with those that come back from the legacy side, column by column.
 *
 * @param columns the modern columns that are compared
 * @param given a column's value as it was given
 * @param back a column's value as it comes back
 */
record AlterationSql(List<Column> columns, Function<Column, Field<?>> given, Function<Column, Field<?>> back) {

    /** Returns an array that {@link Alteration#read} reads; null if everything comes back as given. */
    Field<Object> alterations() {
        List<Field<?>> each = new ArrayList<>();
        for (Column column : columns) {
            Field<?> one = given.apply(column);
            Field<?> other = back.apply(column);
            ValueComparison comparison = new ValueComparison(column);
            each.add(when(
                    comparison.isStoredDifferently(one, other),
                    field(
                            "array[{0}, {1}, {2}, {3}]",
                            Object.class,
                            text(column.name()),
                            when(comparison.isDifferent(one, other), inline(Alteration.CHANGED))
                                    .otherwise(inline(Alteration.RESPELLED)),
                            ValueComparison.text(one),
                            ValueComparison.text(other))));
        }
        return each.stream()
                .map(AlterationSql::array)
                .reduce((left, right) -> field("{0} || {1}", Object.class, left, right))
                .orElseGet(() -> field("cast(null as text[])", Object.class));
    }

    /** Returns the condition that any value differs from the given one. */
    Condition isChanged() {
        return or(columns.stream().map(this::isChanged).toList());
    }

    /** Returns an array of the names of the columns whose value differs; null if there are none. */
    Field<Object> changedColumns() {
        List<Field<?>> names = new ArrayList<>();
        columns.forEach(column -> names.add(when(isChanged(column), text(column.name()))));
        return field("nullif(array_remove(array[{0}], null), cast(array[] as text[]))", Object.class, list(names));
    }

    private Condition isChanged(Column column) {
        return new ValueComparison(column).isDifferent(given.apply(column), back.apply(column));
    }

    private static Field<Object> array(Field<?> value) {
        return field("({0})", Object.class, value);
    }

    private static Field<Object> text(String value) {
        return field("cast({0} as text)", Object.class, inline(value));
    }
}
