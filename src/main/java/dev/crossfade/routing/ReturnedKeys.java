package dev.crossfade.routing;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextValue;
import dev.crossfade.statement.PrintedValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Named;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SelectFieldOrAsterisk;
import org.jooq.impl.DSL;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys that a service's own statement returns. JDBC's dates have no era and no infinity, its times no
 * 24:00: if the key has such a column, the statement returns the key's text too.
 *
 * @param entity the entity that the statement is about
 * @param relation the table that it writes
 */
record ReturnedKeys(String entity, Relation relation) {

    private static final String TEXT = "crossfade_key_";

    /**
     * Returns a statement in the form in which it runs.
     *
     * @throws InvalidInputException if it changes the key: the mirror row of the old one would be left behind
     */
    ResultQuery<?> prepare(ResultQuery<?> query) {
        refuseKeyChange(query);
        if (relation.key().stream().noneMatch(PrintedValue::isMisread)) {
            return query;
        }
        return switch (query) {
            case QOM.InsertReturning<?> insert -> insert.$returning(withTexts(insert.$returning()));
            case QOM.UpdateReturning<?> update -> update.$returning(withTexts(update.$returning()));
            case QOM.DeleteReturning<?> delete -> delete.$returning(withTexts(delete.$returning()));
            default -> query;
        };
    }

    /** Returns the keys of the rows that a prepared statement has returned. */
    List<RecordKey> of(List<? extends Record> rows) {
        return rows.stream().map(this::key).toList();
    }

    private void refuseKeyChange(ResultQuery<?> query) {
        if (query instanceof QOM.UpdateReturning<?> update) {
            Set<String> changed = update.$update().$set().keySet().stream()
                    .filter(Named.class::isInstance)
                    .map(column -> ((Named) column).getName())
                    .collect(Collectors.toSet());
            if (relation.key().stream().map(Column::name).anyMatch(changed::contains)) {
                throw new InvalidInputException("The statement changes the key of " + entity
                        + ". Delete the record and insert it under its new key instead.");
            }
        }
    }

    private List<SelectFieldOrAsterisk> withTexts(Collection<? extends SelectFieldOrAsterisk> returned) {
        List<SelectFieldOrAsterisk> fields = new ArrayList<>(returned);
        for (int i = 0; i < relation.key().size(); i++) {
            Column column = relation.key().get(i);
            fields.add(column.keyText(DSL.field(DSL.name(column.name()))).as(TEXT + i));
        }
        return fields;
    }

    private RecordKey key(Record row) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < relation.key().size(); i++) {
            Field<?> text = row.field(TEXT + i);
            texts.add(text == null ? text(row, relation.key().get(i).name()) : row.get(text, String.class));
        }
        return new RecordKey(texts);
    }

    private String text(Record row, String column) {
        Field<?> field = row.field(column);
        Object value = field == null ? null : databaseValue(row, field);
        if (value == null) {
            throw new InvalidInputException("The statement on " + entity + " does not return the key column '" + column
                    + "'. Add it to its RETURNING clause.");
        }
        return TextValue.ofKey(value);
    }

    /** A value that a service's converter made has no text that the database knows. */
    private static <T> @Nullable Object databaseValue(Record row, Field<T> field) {
        return field.getConverter().to(row.get(field));
    }
}
