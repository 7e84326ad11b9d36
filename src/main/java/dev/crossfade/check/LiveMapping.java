package dev.crossfade.check;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mapping with the live tables that it names, as far as they exist.
 *
 * @param mapping the mapping
 * @param legacy the legacy table
 * @param modern the modern table; in a column mapping the same one
 */
public record LiveMapping(TableMapping mapping, Optional<LiveTable> legacy, Optional<LiveTable> modern) {

    /** Returns one side's table. */
    public Optional<LiveTable> table(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Returns the path of one of the entity's parts. */
    public String path(String... parts) {
        return Finding.path(mapping.entity(), parts);
    }

    /** Tells whether both sides are columns of one table. */
    public boolean inPlace() {
        return mapping.kind() == TableMapping.Kind.COLUMN;
    }

    /** Returns the sides that have a table of their own. */
    public List<Side> sides() {
        return inPlace() ? List.of(Side.LEGACY) : List.of(Side.values());
    }

    /** Returns the columns of {@code side} that follow from the other side's row. */
    List<Derived> derivedOn(Side side) {
        return mapping.from(side.opposite()).derived();
    }

    /** Returns the names of the columns that an expression on {@code side}'s row may read. */
    public List<String> readable(Side side) {
        Relation relation = mapping.relation(side);
        List<String> live = table(side).map(LiveTable::columnNames).orElseGet(List::of);
        if (side == Side.MODERN) {
            // a service's record has only the modern shape
            Set<String> shape = names(relation.allColumns().stream());
            return live.stream().filter(shape::contains).toList();
        }
        Set<String> modernOnly =
                inPlace() ? names(derivedOn(Side.MODERN).stream().map(Derived::column)) : Set.of();
        return live.stream().filter(name -> !modernOnly.contains(name)).toList();
    }

    /** Returns the columns that Crossfade writes on {@code side}; in a column mapping those of both sides. */
    Set<String> written(Side side) {
        List<Column> columns = new ArrayList<>(mapping.relation(side).allColumns());
        if (inPlace()) {
            columns.addAll(mapping.relation(side.opposite()).allColumns());
        }
        return names(columns.stream());
    }

    /** Returns the path under which the mapping file says what a column of {@code side} follows from. */
    public String path(Side side, Derived derived) {
        boolean filled = side == Side.MODERN && mapping.roles().isFilled(derived.column());
        return path(filled ? "fill" : section(side), derived.column().name());
    }

    /** Returns the word of the mapping file under which columns of {@code side} get their values. */
    public static String section(Side side) {
        return side == Side.MODERN ? "project" : "restore";
    }

    private static Set<String> names(Stream<Column> columns) {
        return columns.map(Column::name).collect(Collectors.toSet());
    }
}
