package dev.crossfade.statement;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;

/** The rows of texts that a statement binds, as a table of its own. */
public record BoundRows(RowBinding binding) {

    /** The table's name. */
    static final String NAME = "crossfade_rows";

    /** Returns the table, with so many columns. */
    Table<?> of(int columns) {
        return binding.rows(
                name(NAME),
                IntStream.range(0, columns)
                        .mapToObj(i -> name(RowBinding.column(i)))
                        .toList());
    }

    /** Returns the table of the keys of a relation. */
    public Table<?> keysOf(Relation relation) {
        return of(relation.key().size());
    }

    /** A key as it was bound: a key that was noted in another spelling must be found under that spelling. */
    List<Field<?>> keyTexts(Relation relation) {
        List<Field<?>> given = new ArrayList<>();
        for (int i = 0; i < relation.key().size(); i++) {
            given.add(field(name(NAME, RowBinding.column(i)), String.class));
        }
        return given;
    }

    /** Returns the bound keys in the relation's canonical key text, however they are spelled. */
    List<Field<String>> canonicalKeys(Relation relation) {
        List<Field<String>> texts = new ArrayList<>();
        for (int i = 0; i < relation.key().size(); i++) {
            Column column = relation.key().get(i);
            texts.add(column.keyText(keyValue(column, i)));
        }
        return texts;
    }

    /** Returns the condition that a row of a relation has the bound key. */
    public Condition match(Relation relation) {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < relation.key().size(); i++) {
            Column column = relation.key().get(i);
            conditions.add(relation.field(column).eq(keyValue(column, i)));
        }
        return and(conditions);
    }

    /** Returns the bound keys' values, of the types of a relation's key. */
    List<Field<Object>> keyValues(Relation relation) {
        return IntStream.range(0, relation.key().size())
                .mapToObj(i -> keyValue(relation.key().get(i), i))
                .toList();
    }

    /** Returns the bound texts, cast to the columns' types. */
    List<Field<Object>> values(List<Column> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> value(columns.get(i), i))
                .toList();
    }

    /** Returns the rows with the columns' names and types. */
    public Select<Record> typed(List<Column> columns) {
        return typed(columns, 0, noCondition());
    }

    /** As {@link #typed(List)}, only the rows that meet a condition, ordered by their first columns. */
    public Select<Record> typed(List<Column> columns, int ordering, Condition condition) {
        List<Field<Object>> values = values(columns);
        List<Field<Object>> named = IntStream.range(0, columns.size())
                .mapToObj(i -> values.get(i).as(name(columns.get(i).name())))
                .toList();
        return Databases.renderer()
                .select(named)
                .from(of(columns.size()))
                .where(condition)
                .orderBy(values.subList(0, ordering));
    }

    private static Field<Object> keyValue(Column column, int index) {
        return column.ofKeyText(field(name(NAME, RowBinding.column(index)), String.class));
    }

    private static Field<Object> value(Column column, int index) {
        return column.cast(field(name(NAME, RowBinding.column(index))));
    }
}
