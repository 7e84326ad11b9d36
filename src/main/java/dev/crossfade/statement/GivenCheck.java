package dev.crossfade.statement;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.when;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Field;

/**
 * The columns of a save that are compared with the projection of the stored legacy row.
 *
 * @param columns the modern columns that are compared
 * @param refused those of them whose change is refused before anything is stored
 */
public record GivenCheck(List<Column> columns, Set<String> refused) {

    /** Copies the collections. */
    public GivenCheck {
        columns = List.copyOf(columns);
        refused = Set.copyOf(refused);
    }

    /**
     * Returns the check of a mapping: all modern columns except those that both expressions only copy.
     *
     * @param filled whether filled columns are compared too, for which legacy has no place. Pass true while legacy
     *         answers reads; once the modern side does, a service may give back what it read, and it is kept
     * @param allowed the columns whose changes are not reported
     * @param refused the columns whose changes are refused
     */
    public static GivenCheck of(
            TableMapping mapping, boolean filled, Predicate<String> allowed, Predicate<String> refused) {
        boolean withFilled = filled && mapping.kind() == TableMapping.Kind.TABLE;
        List<Column> columns = Stream.concat(
                        WayBack.uncertain(mapping).stream(),
                        withFilled ? mapping.roles().fill().stream() : Stream.empty())
                .map(Derived::column)
                .filter(column -> !allowed.test(column.name()))
                .toList();
        return new GivenCheck(
                columns, columns.stream().map(Column::name).filter(refused).collect(Collectors.toSet()));
    }

    /** Tells whether there is nothing to compare. */
    public boolean isEmpty() {
        return columns.isEmpty();
    }

    /**
     * Returns a row's alterations as {@link Alteration#read} reads them, null if there are none. A change of a
     * refused column raises an error.
     *
     * @param keyTexts the row's key, which the error names
     * @param given a column's value as it was given
     * @param back a column's value as it comes back
     */
    Field<Object> alterations(
            Projection projection,
            List<Field<String>> keyTexts,
            Function<Column, Field<?>> given,
            Function<Column, Field<?>> back) {
        // A filled column without a given value is filled later, which loses nothing.
        Function<Column, Field<?>> meant = column -> projection.fills(column)
                ? field("coalesce({0}, {1})", Object.class, given.apply(column), back.apply(column))
                : given.apply(column);
        Field<Object> alterations = new AlterationSql(columns, meant, back).alterations();
        if (refused.isEmpty()) {
            return alterations;
        }
        AlterationSql kept = new AlterationSql(
                columns.stream()
                        .filter(column -> refused.contains(column.name()))
                        .toList(),
                meant,
                back);
        Field<Object> refusal = field(
                "crossfade.refuse_lossy({0}, array[{1}], {2})",
                Object.class, inline(projection.mapping().entity()), list(keyTexts), kept.changedColumns());
        return field("{0} || {1}", Object.class, when(kept.isChanged(), refusal), alterations);
    }
}
