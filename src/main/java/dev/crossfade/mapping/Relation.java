package dev.crossfade.mapping;

import java.util.List;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * One side's table with the columns that the mapping knows.
 *
 * @param schema the schema's name as the catalog spells it
 * @param table the table's name as the catalog spells it
 * @param key the key columns, in the mapping's order
 * @param columns the mapped columns that are not part of the key
 */
public record Relation(String schema, String table, List<Column> key, List<Column> columns) {

    /** Copies the lists. */
    public Relation {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** Returns the quoted, schema-qualified table. */
    public Table<Record> toTable() {
        return DSL.table(qualifiedName());
    }

    /** Returns the schema-qualified name. */
    public Name qualifiedName() {
        return DSL.name(schema, table);
    }

    /** Returns the table under its own unqualified name, so that expressions may name columns with or without it. */
    public Table<Record> aliased() {
        return toTable().as(DSL.name(table));
    }

    /** Returns a column qualified by the table's unqualified name; see {@link #aliased()}. */
    public Field<Object> field(Column column) {
        return DSL.field(DSL.name(table, column.name()));
    }

    /** Returns the key columns, qualified as {@link #field(Column)} does. */
    public List<Field<Object>> keyFields() {
        return key.stream().map(this::field).toList();
    }

    /** Returns the key columns as canonical text; see {@link Column#keyText}. */
    public List<Field<String>> keyTexts() {
        return key.stream().map(column -> column.keyText(field(column))).toList();
    }

    /** Returns key and mapped columns, the key first. */
    public List<Column> allColumns() {
        return Stream.concat(key.stream(), columns.stream()).toList();
    }

    /** Returns {@code schema.table} for messages. */
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
