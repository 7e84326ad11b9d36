package dev.crossfade.control;

import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.impl.DSL;

/**
 * The transactions that write a table or are about to: they hold, or wait for, a lock that only writers take, or a
 * stronger one. A prepared transaction counts too.
 */
public final class TableWriters {

    private TableWriters() {}

    /**
     * A transaction.
     *
     * @param transaction identifies it among all transactions of the server's life
     * @param description a description for people
     */
    public record Writer(String transaction, String description) {}

    /** Returns the transactions except the one of {@code database} itself. */
    public static List<Writer> of(DSLContext database, Name table) {
        return database.fetch("""
                        select distinct l.virtualtransaction,
                               'process ' || coalesce(cast(l.pid as text), 'of a prepared transaction') || ' ('
                                   || coalesce(nullif(a.application_name, ''), 'unnamed') || ', '
                                   || coalesce(a.state, 'unknown state') || ')'
                        from pg_locks l
                        left join pg_stat_activity a on a.pid = l.pid
                        where l.locktype = 'relation'
                          and l.database = (select oid from pg_database where datname = current_database())
                          and l.relation = to_regclass(?)
                          and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
                          and l.pid is distinct from pg_backend_pid()
                        """, DSL.val(Databases.renderer().render(table)))
                .map(row -> new Writer(row.get(0, String.class), row.get(1, String.class)));
    }
}
