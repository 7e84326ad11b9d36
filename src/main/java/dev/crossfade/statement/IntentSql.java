package dev.crossfade.statement;

import static dev.crossfade.control.IntentTable.ENTITY;
import static dev.crossfade.control.IntentTable.ID;
import static dev.crossfade.control.IntentTable.INTENT;
import static dev.crossfade.control.IntentTable.KEY;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.raw;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.SelectField;
import org.jooq.Table;

/** The part of a statement that appends intents and returns id and key of each. */
final class IntentSql {

    private static final Field<String> ENTITY_PARAMETER = field("cast({0} as text)", String.class, raw("?"));
    private static final String WRITTEN = "crossfade_written";

    private final DSLContext renderer = Databases.renderer();
    private final int keyWidth;

    IntentSql(int keyWidth) {
        this.keyWidth = keyWidth;
    }

    /**
     * Wraps an authoritative statement that returns key texts under the names of {@link RowBinding#column}: appends an
     * intent for each key it returned. Binds what that statement binds, then the entity.
     */
    Query noting(Query returningKeys) {
        return noting(returningKeys, List.of());
    }

    /** As {@link #noting(Query)}, and returns other fields of that statement after the key; it returns one row. */
    Query noting(Query returningKeys, List<Field<?>> others) {
        List<SelectField<?>> returned = new ArrayList<>(idAndKey(keyWidth));
        others.forEach(
                one -> returned.add(renderer.select(one).from(name(WRITTEN)).asField()));
        return renderer.resultQuery(
                "with {0} as ({1}) insert into {2} ({3}, {4}) select {5}, {6} from {0} returning {7}",
                name(WRITTEN),
                returningKeys,
                INTENT,
                ENTITY,
                KEY,
                raw("?"),
                keyArray(keyTexts(name(WRITTEN))),
                list(returned));
    }

    /**
     * Appends an intent for each row of another part of the same statement, which has key texts under the names of
     * {@link RowBinding#column}; returns id and key array. Binds the entity.
     */
    Query appending(Name from) {
        return renderer.resultQuery(
                "insert into {0} ({1}, {2}) select {3}, {4} from {5} returning {6}, {2}",
                INTENT, ENTITY, KEY, raw("?"), keyArray(keyTexts(from)), from, ID);
    }

    /**
     * Appends an intent for each row of a table, which has these key texts. Binds the entity, then what the table
     * binds.
     */
    Query append(Table<?> keys, List<Field<String>> texts) {
        return renderer.insertInto(INTENT, ENTITY, KEY)
                .select(renderer.select(ENTITY_PARAMETER, keyArray(texts)).from(keys))
                .returning(idAndKey(keyWidth));
    }

    /** Returns an intent's id, and its key in so many columns. */
    static List<Field<?>> idAndKey(int keyWidth) {
        List<Field<?>> fields = new ArrayList<>();
        fields.add(ID);
        for (int i = 1; i <= keyWidth; i++) {
            fields.add(field("{0}[{1}]", String.class, KEY, raw(Integer.toString(i))));
        }
        return fields;
    }

    /** Returns the key texts of a relation under the names of {@link RowBinding#column}. */
    static List<Field<String>> namedKeyTexts(Relation relation) {
        List<Field<String>> texts = relation.keyTexts();
        return IntStream.range(0, texts.size())
                .mapToObj(i -> texts.get(i).as(RowBinding.column(i)))
                .toList();
    }

    private List<Field<Object>> keyTexts(Name from) {
        return IntStream.range(0, keyWidth)
                .mapToObj(i -> field(from.append(RowBinding.column(i))))
                .toList();
    }

    private static Field<String[]> keyArray(List<? extends Field<?>> texts) {
        return field("array[{0}]", KEY.getDataType(), list(texts));
    }
}
