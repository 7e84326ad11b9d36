package dev.crossfade.mapping;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which columns of a save are compared with what the stored legacy row is projected to.
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
     * Returns the check of a mapping: of all modern columns but those that both expressions only copy.
     *
     * @param filled whether it is of the filled columns of another table too, for which legacy has no place. It makes
     *     sense
     *     where legacy answers reads: what the modern side shows may be given back as it was read, and is kept
     * @param allowed the columns whose changes nobody wants to know of
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

    List<Column> refusedColumns() {
        return columns.stream()
                .filter(column -> refused.contains(column.name()))
                .toList();
    }
}
