package dev.crossfade.mapping;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.crossfade.control.Databases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jooq.Field;
import org.jooq.InsertOnDuplicateSetMoreStep;
import org.jooq.Record;
import org.jooq.Select;

/**
 * Inserts rows, or updates those that have the same key.
 *
 * @param into the table
 * @param inserted the columns that are inserted, the key's among them
 * @param updated the columns that a row which is there takes over
 */
record Upsert(Relation into, List<Column> inserted, List<Column> updated) {

    /** Of records of the service: a row that is there keeps the spelling of its key. */
    static Upsert ofRecords(Relation into, List<Column> columns) {
        return taking(into, columns, key -> false);
    }

    /**
     * Of mirror rows: a row that is there takes over the spelling of its key too, or it would differ from the authoritative
     * row for ever. Only where a type has several: whoever sets a key column waits for foreign-key checks of the row.
     */
    static Upsert ofMirrorRows(Relation into, List<Column> columns) {
        return taking(into, columns, Column::hasManySpellings);
    }

    /** A row of nothing but its key is updated all the same: only then is it returned. */
    private static Upsert taking(Relation into, List<Column> columns, Predicate<Column> respelled) {
        List<Column> updated = columns.stream()
                .filter(column -> !into.key().contains(column) || respelled.test(column))
                .toList();
        return new Upsert(into, columns, updated.isEmpty() ? columns : updated);
    }

    InsertOnDuplicateSetMoreStep<Record> upsert(Select<Record> rows) {
        Map<Field<?>, Field<?>> excluded = new LinkedHashMap<>();
        updated.stream()
                .map(column -> field(name(column.name())))
                .forEach(column -> excluded.put(column, excluded(column)));
        return Databases.renderer()
                .insertInto(into.toTable(), fields(inserted))
                .select(rows)
                .onConflict(fields(into.key()))
                .doUpdate()
                .set(excluded);
    }

    private static List<Field<Object>> fields(List<Column> columns) {
        return columns.stream().map(column -> field(name(column.name()))).toList();
    }
}
