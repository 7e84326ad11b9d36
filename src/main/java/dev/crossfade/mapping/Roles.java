package dev.crossfade.mapping;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The roles of modern columns that no restore expression carries back. A column without such a role is restored.
 *
 * @param fill columns that know more than the legacy side, with the SQL over the legacy row that gives a value to
 *         rows without one; an existing value is never overwritten
 * @param derived names of columns that follow from other columns or other tables, so that a service does not set
 *         them; while legacy decides, Crossfade writes those that are projected, the database writes the others
 * @param ignored names of columns that are neither written nor compared
 */
public record Roles(List<Derived> fill, Set<String> derived, Set<String> ignored) {

    /** Every column is restored. */
    static final Roles NONE = new Roles(List.of(), Set.of(), Set.of());

    /** Copies the collections. */
    public Roles {
        fill = List.copyOf(fill);
        derived = Set.copyOf(derived);
        ignored = Set.copyOf(ignored);
    }

    /** Tells whether a column is filled. */
    public boolean isFilled(Column column) {
        return fill.stream().anyMatch(one -> one.column().equals(column));
    }

    /** Tells whether a column follows from others. */
    public boolean isDerived(Column column) {
        return derived.contains(column.name());
    }

    /** Returns the SQL that gives a column's value to rows that have none, empty if it is not filled. */
    public Optional<Derived> filling(String column) {
        return fill.stream().filter(one -> one.column().name().equals(column)).findFirst();
    }
}
