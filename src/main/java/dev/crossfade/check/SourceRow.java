package dev.crossfade.check;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import dev.crossfade.mapping.Relation;
import dev.crossfade.model.Side;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;

/**
 * The rows that the expressions of one direction see: the readable columns of one side, under the table's unqualified
 * name.
 *
 * @param live the mapping; the side's table exists
 * @param side the side that is read
 */
record SourceRow(LiveMapping live, Side side) {

    /** The rows that a check examines. */
    static final Sample SAMPLE = new Sample(1000, false);

    private static final String EVALUATED = "crossfade_evaluated";

    /**
     * Some rows at one end of a table, by key, so that every question gets the same ones.
     *
     * @param rows how many at most
     * @param last whether they are the last rows rather than the first
     * @param skipped how many rows of that end are skipped
     */
    record Sample(int rows, boolean last, int skipped) {

        Sample(int rows, boolean last) {
            this(rows, last, 0);
        }

        /** Returns the first and the second half of these rows. */
        List<Sample> halves() {
            int half = rows / 2;
            return List.of(new Sample(half, last, skipped), new Sample(rows - half, last, skipped + half));
        }

        @Override
        public String toString() {
            return text(rows);
        }

        /** Returns a description of {@code count} of these rows. */
        String text(long count) {
            return "%s %s".formatted(last ? "last" : "first", count);
        }
    }

    /** Returns the side's table and key. */
    Relation relation() {
        return live.mapping().relation(side);
    }

    /** Returns all rows. */
    Table<Record> all() {
        return rows().asTable(name(relation().table()));
    }

    /** Returns the query for all rows. */
    Select<Record> rows() {
        return select(fields()).from(relation().toTable());
    }

    /** Returns the rows that a check examines. */
    Table<Record> sample() {
        return sample(SAMPLE);
    }

    /** Returns some rows. */
    Table<Record> sample(Sample sample) {
        return select(fields())
                .from(relation().toTable())
                .orderBy(key().stream()
                        .map(column -> sample.last() ? column.desc() : column.asc())
                        .toList())
                .limit(inline(sample.rows()))
                .offset(inline(sample.skipped()))
                .asTable(name(relation().table()));
    }

    /** Returns the existing key columns, by their unqualified names. */
    List<Field<Object>> key() {
        List<String> readable = live.readable(side);
        return relation().key().stream()
                .filter(column -> readable.contains(column.name()))
                .map(column -> field(name(column.name())))
                .toList();
    }

    /**
     * Returns the value of an expression in a place where the server allows only expressions over one row: no
     * aggregates, window functions or sets.
     */
    static Table<Record> evaluated(String expression) {
        return table("lateral (values (({0})))", raw(expression)).as(name(EVALUATED), name("value"));
    }

    /** Returns the column of {@link #evaluated}. */
    static Field<Object> value() {
        return field(name(EVALUATED, "value"));
    }

    private List<Field<Object>> fields() {
        return live.readable(side).stream().map(column -> field(name(column))).toList();
    }
}
