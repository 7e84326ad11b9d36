package dev.crossfade.sql;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * Tells at which row a traced statement has failed. The statement sets a sequence to each row's place, and a
 * sequence's value survives the statement's rollback; the session reads its own value.
 *
 * <p>The place is exact if the server processes the rows one after the other. If it collects them first, or fails
 * after all were written, the place is that of the last row, so the last row's place says nothing.
 */
public final class RowTrace {

    /**
     * Resets the trace of the session, and keeps the server, until the transaction's end, from joins that collect
     * their rows first.
     */
    public static final TextStatement START = new TextStatement("""
            select setval('crossfade.traced_row', 0),
                   set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)\
            """);

    private static final TextStatement READ = new TextStatement("select currval('crossfade.traced_row')");

    private RowTrace() {}

    /**
     * Returns the place of the row that was reached last, counted from 1; 0 for none.
     *
     * @param undo the statement that runs first, in the same round trip
     */
    public static int place(Connection connection, TextStatement undo) throws SQLException {
        return READ.after(undo).query(connection, row -> row.getInt(1)).getFirst();
    }

    /** Returns a condition that is always true and records that a row was reached. */
    public static Condition reached(Field<Long> place) {
        return field("setval('crossfade.traced_row', {0})", Long.class, place).gt(inline(0L));
    }
}
