package dev.crossfade.statement;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sql;
import static org.jooq.impl.DSL.table;

import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.RowTrace;
import dev.crossfade.sql.TextStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jooq.Name;
import org.jooq.SQL;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** How a statement binds rows of texts, which it casts to the columns' types. */
public enum RowBinding {

    /** One row, a text for each column: most writes are of one record, and the server plans and runs this faster. */
    ONE {
        @Override
        Table<?> rows(Name as, List<Name> columns) {
            return select(columns.stream()
                            .map(column -> field("cast({0} as text)", String.class, raw("?"))
                                    .as(column))
                            .toList())
                    .asTable(as);
        }

        @Override
        public @Nullable Object[] values(List<? extends List<@Nullable String>> rows) {
            return rows.getFirst().toArray();
        }
    },

    /** Any number of rows, an array for each column: one prepared statement serves every number. */
    MANY {
        @Override
        Table<?> rows(Name as, List<Name> columns) {
            return table(unnest(columns.size())).as(as, columns.toArray(Name[]::new));
        }

        @Override
        public @Nullable Object[] values(List<? extends List<@Nullable String>> rows) {
            return TextStatement.columns(rows);
        }
    },

    /** As {@link #MANY}, and each row has its place, counted from 1, in a last column named {@link #PLACE}. */
    NUMBERED {
        @Override
        Table<?> rows(Name as, List<Name> columns) {
            List<Name> numbered = new ArrayList<>(columns);
            numbered.add(PLACE);
            return table(sql("{0} with ordinality", unnest(columns.size()))).as(as, numbered.toArray(Name[]::new));
        }

        @Override
        public @Nullable Object[] values(List<? extends List<@Nullable String>> rows) {
            return MANY.values(rows);
        }
    },

    /**
     * As {@link #MANY}, and the statement reports each row's place to the {@link RowTrace} before it processes the
     * row.
     */
    TRACED {
        @Override
        Table<?> rows(Name as, List<Name> columns) {
            return select(columns.stream().map(column -> field(column)).toList())
                    .from(NUMBERED.rows(as, columns))
                    .where(RowTrace.reached(field(PLACE, Long.class)))
                    .asTable(as);
        }

        @Override
        public @Nullable Object[] values(List<? extends List<@Nullable String>> rows) {
            return MANY.values(rows);
        }
    };

    static final Name PLACE = DSL.name("crossfade_place");

    /** Returns the name of a bound column in statements, counted from 0. */
    static String column(int index) {
        return "crossfade_" + (index + 1);
    }

    /** Returns the binding for a number of rows, at least one. */
    public static RowBinding of(int rows) {
        return rows == 1 ? ONE : MANY;
    }

    /** Returns the bind values for rows; {@link #ONE} takes exactly one. */
    public abstract @Nullable Object[] values(List<? extends List<@Nullable String>> rows);

    /** Returns the bind values for keys; {@link #ONE} takes exactly one. */
    public @Nullable Object[] keys(Collection<RecordKey> keys) {
        return values(keys.stream().map(RecordKey::values).toList());
    }

    private static SQL unnest(int columns) {
        return sql("unnest({0})", list(Collections.nCopies(columns, raw("cast(? as text[])"))));
    }

    /** The rows as a table whose columns are texts. */
    abstract Table<?> rows(Name as, List<Name> columns);
}
