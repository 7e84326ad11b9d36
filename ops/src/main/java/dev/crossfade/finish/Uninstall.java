package dev.crossfade.finish;

import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * Drops Crossfade's own schema from the databases when nothing needs it any more. The modern database goes first: the
 * control database keeps its schema to the last, so the same call can resume an interrupted run.
 */
public final class Uninstall {

    private final Databases databases;
    private final Needs needs;

    /** Works on the databases of both sides, which must both answer. */
    public Uninstall(Databases databases) {
        this.databases = databases;
        this.needs = new Needs(databases);
    }

    /**
     * The contents of the schema in one database.
     *
     * @param tables its tables, with the number of rows where there are any
     * @param functions its functions
     */
    public record Contents(Side side, List<String> tables, List<String> functions) {

        /** Copies the lists. */
        public Contents {
            tables = List.copyOf(tables);
            functions = List.copyOf(functions);
        }
    }

    /**
     * What would happen.
     *
     * @param obstacles what still needs the schema, in sentences; nothing if it may go
     * @param contents what would be dropped
     */
    public record Plan(List<String> obstacles, List<Contents> contents) {

        /** Copies the lists. */
        public Plan {
            obstacles = List.copyOf(obstacles);
            contents = List.copyOf(contents);
        }
    }

    /** Returns what would happen; changes nothing. */
    public Plan look() {
        return new Plan(needs.all(databases.controlDsl(), databases.dsl(Side.MODERN)), contents());
    }

    /**
     * Drops the schema. Locks keep everybody from registering or writing anything in it between the last check and the
     * end.
     *
     * @return what was dropped
     * @throws RefusedException if something still needs it; nothing was dropped
     * @throws UnavailableException if a database fails
     */
    public List<Contents> run() {
        List<Contents> contents = contents();
        try {
            ControlTransaction.across(databases.controlDsl()).run(control -> {
                close(control);
                if (databases.areShared()) {
                    require(needs.all(control, control));
                } else {
                    ControlTransaction.across(databases.dsl(Side.MODERN)).run(modern -> {
                        close(modern);
                        require(needs.all(control, modern));
                        drop(modern);
                    });
                }
                drop(control);
            });
            return contents;
        } catch (DataAccessException e) {
            throw SqlState.LOCK_NOT_AVAILABLE.equals(FailureClass.sqlState(e))
                    ? new RefusedException(
                            "Crossfade's own tables are in use, and the lock on them was not to be had within 5 s. Nothing was dropped there. Find who uses them in pg_stat_activity, and run `crossfade uninstall` again.")
                    : new UnavailableException(
                            "The schema crossfade could not be dropped. The server said: %s Run `crossfade uninstall` again, which goes on where it stopped."
                                    .formatted(ServerMessage.sentence(ServerMessage.of(e))),
                            e);
        }
    }

    /** Locks out everybody who would begin to need it. */
    private static void close(DSLContext transaction) {
        EntityTables.lock(transaction);
        transaction.execute("lock table crossfade.authority, crossfade.intent in access exclusive mode");
        if (transaction
                .fetchSingle("select to_regclass('crossfade.instance') is not null")
                .get(0, boolean.class)) {
            transaction.execute(
                    "lock table crossfade.instance, crossfade.missed_write, crossfade.scheduled_tasks in access exclusive mode");
        }
    }

    private static void drop(DSLContext transaction) {
        transaction.execute("drop schema if exists crossfade cascade");
    }

    private static void require(List<String> obstacles) {
        if (!obstacles.isEmpty()) {
            throw refusal(obstacles);
        }
    }

    /** Returns the refusal that names every obstacle. */
    public static RefusedException refusal(List<String> obstacles) {
        return new RefusedException("Crossfade's own schema is still needed. Nothing was dropped.%n- %s"
                .formatted(String.join(System.lineSeparator() + "- ", obstacles)));
    }

    private List<Contents> contents() {
        List<Contents> contents = new ArrayList<>();
        for (Side side : databases.sides()) {
            DSLContext database = databases.dsl(side);
            contents.add(new Contents(side, tables(database), functions(database)));
        }
        return contents;
    }

    private static List<String> tables(DSLContext database) {
        return database.fetch("""
                        select c.relname from pg_class c
                        where c.relnamespace = to_regnamespace('crossfade') and c.relkind in ('r', 'p')
                        order by c.relname
                        """).map(row -> row.get(0, String.class)).stream()
                .map(name -> described(name, database.fetchCount(DSL.table(DSL.name("crossfade", name)))))
                .toList();
    }

    private static String described(String table, int rows) {
        return rows == 0 ? "crossfade." + table : "crossfade.%s (%s rows)".formatted(table, rows);
    }

    private static List<String> functions(DSLContext database) {
        return database.fetch("""
                        select cast(p.oid as regprocedure)::text from pg_proc p
                        where p.pronamespace = to_regnamespace('crossfade')
                        order by 1
                        """).map(row -> row.get(0, String.class));
    }
}
