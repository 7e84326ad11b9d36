package dev.crossfade.statement;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.InsertOnDuplicateSetMoreStep;
import org.jooq.Record;
import org.jooq.Select;

/**
 * Inserts rows, or updates existing rows with the same key.
 *
 * @param into the table
 * @param inserted the columns that are inserted, the key's among them
 * @param updated the columns that are set in an existing row
 * @param filled those of {@code updated} that are set only if the row has no value
 */
record Upsert(Relation into, List<Column> inserted, List<Column> updated, Set<Column> filled) {

    /** An upsert of a service's records: an existing row keeps the spelling of its key. */
    static Upsert ofRecords(Relation into, List<Column> columns) {
        return taking(into, columns, Set.of(), key -> false);
    }

    /**
     * An upsert of mirror rows: an existing row also takes over the spelling of its key, or it would differ from the
     * authoritative row for ever. Only for types with several spellings: setting a key column waits for foreign-key
     * checks of the row.
     */
    static Upsert ofMirrorRows(Projection projection) {
        List<Column> columns = projection.targetColumns();
        return taking(
                projection.target(),
                columns,
                columns.stream().filter(projection::fills).collect(Collectors.toSet()),
                Column::hasManySpellings);
    }

    /** A row that has only key columns is updated too, because only then does the statement return it. */
    private static Upsert taking(Relation into, List<Column> columns, Set<Column> filled, Predicate<Column> respelled) {
        List<Column> updated = columns.stream()
                .filter(column -> !into.key().contains(column) || respelled.test(column))
                .toList();
        return new Upsert(into, columns, updated.isEmpty() ? columns : updated, filled);
    }

    InsertOnDuplicateSetMoreStep<Record> upsert(Select<Record> rows) {
        Map<Field<?>, Field<?>> excluded = new LinkedHashMap<>();
        updated.forEach(column -> excluded.put(field(name(column.name())), taken(column)));
        return Databases.renderer()
                .insertInto(into.toTable(), fields(inserted))
                .select(rows)
                .onConflict(fields(into.key()))
                .doUpdate()
                .set(excluded);
    }

    private Field<Object> taken(Column column) {
        Field<Object> given = excluded(field(name(column.name())));
        return filled.contains(column) ? coalesce(into.field(column), given) : given;
    }

    private static List<Field<Object>> fields(List<Column> columns) {
        return columns.stream().map(column -> field(name(column.name()))).toList();
    }
}
