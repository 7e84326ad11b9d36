package dev.crossfade.check;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.length;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.orderBy;
import static org.jooq.impl.DSL.rowNumber;
import static org.jooq.impl.DSL.select;

import dev.crossfade.check.Probe.Answer;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.sql.TextStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions over rows. Only hashes and counts leave the server.
 *
 * @param row the rows' columns
 * @param probe where they are evaluated
 */
record Evaluation(SourceRow row, Probe probe) {

    private static final String PLACE = "crossfade_place";
    private static final Pattern LENGTH = Pattern.compile("character(?: varying)?\\((\\d+)\\)");

    /** A summary of an expression's values. */
    record Values(long rows, @Nullable String hash, long nulls, long tooLong) {

        static final Values NONE = new Values(0, null, 0, 0);

        /** Returns the summary over these rows and some others; its hash is meaningless. */
        Values and(Values others) {
            return new Values(rows + others.rows, null, nulls + others.nulls, tooLong + others.tooLong);
        }
    }

    /**
     * Returns a summary of the values of each expression.
     *
     * @param rows with the row's columns, under the table's name
     * @param settings statements that set the session's settings for it
     */
    Answer<List<Values>> of(List<Derived> derived, Table<Record> rows, String settings) {
        List<Field<?>> values = new ArrayList<>();
        List<Field<?>> aggregates = new ArrayList<>();
        // a window function keeps the server from evaluating an expression once for each use of its value
        values.add(rowNumber().over(orderBy(row.key())).as(name(PLACE)));
        aggregates.add(count());
        for (int i = 0; i < derived.size(); i++) {
            Field<Object> value = field(name("value_" + i));
            values.add(derived.get(i).value().as(value));
            aggregates.add(hash(value));
            aggregates.add(count().filterWhere(value.isNull()));
            aggregates.add(count().filterWhere(tooLong(derived.get(i).column(), value)));
        }
        Select<?> select = select(aggregates).from(select(values).from(rows).asTable(name("crossfade_values")));
        TextStatement statement =
                new TextStatement(settings + Databases.renderer().render(select) + Sessions.RESET);
        return probe.ask(dsl -> dsl.connectionResult(connection -> statement
                .query(connection, found -> values(found, derived.size()))
                .getFirst()));
    }

    /** The binary form is the value itself, whereas its text depends on settings; few types have none. */
    private static Field<?> hash(Field<Object> value) {
        return field("md5(string_agg(md5(record_send(row({0}))), '' order by {1}))", value, field(name(PLACE)));
    }

    private static Condition tooLong(Column column, Field<Object> value) {
        Matcher limit = LENGTH.matcher(column.base());
        return limit.matches()
                ? length(Column.text(value)).gt(inline(Integer.parseInt(limit.group(1))))
                : falseCondition();
    }

    private static List<Values> values(ResultSet found, int expressions) throws SQLException {
        List<Values> values = new ArrayList<>();
        for (int i = 0; i < expressions; i++) {
            int from = 2 + 3 * i;
            values.add(new Values(
                    found.getLong(1), found.getString(from), found.getLong(from + 1), found.getLong(from + 2)));
        }
        return values;
    }
}
