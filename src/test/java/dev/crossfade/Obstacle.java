package dev.crossfade;

import dev.crossfade.mapping.Relation;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;

/** The obstacles of the mirror. */
enum Obstacle {
    TABLE_LOCKED("lock table %s in access exclusive mode", null),
    ROW_LOCKED("select * from %s for update", null),
    SLOW(
            "create trigger obstacle before insert or update or delete on %s for each statement execute function slow()",
            "drop trigger obstacle on %s"),
    REFUSED_BY_A_CONSTRAINT(
            "alter table %s add constraint obstacle check (email is null) not valid",
            "alter table %s drop constraint obstacle"),
    REFUSED_BY_A_TRIGGER(
            "create trigger obstacle before insert or update or delete on %s for each row execute function refuse()",
            "drop trigger obstacle on %s"),
    REFUSED_AS_LATE_AS_AT_COMMIT(
            "create constraint trigger obstacle after insert or update or delete on %s deferrable initially deferred for each row execute function refuse()",
            "drop trigger obstacle on %s"),
    TABLE_GONE("alter table %s rename to elsewhere", null),
    ERROR_IN_OUR_CODE(null, null);

    private static final double SLOWNESS = 1.8;

    private final String put;
    private final String remove;

    Obstacle(String put, String remove) {
        this.put = put;
        this.remove = remove;
    }

    /** Creates what some of the obstacles need, in the mirror's database. */
    static void prepare(TestDatabase database) {
        database.execute("""
                create function slow() returns trigger language plpgsql as $$
                begin perform pg_sleep(%s); return coalesce(new, old); end $$
                """.formatted(SLOWNESS), """
                create function refuse() returns trigger language plpgsql as $$
                begin raise exception 'refused'; end $$
                """);
    }

    /**
     * Obstructs the mirror until the result is closed.
     *
     * @param database the mirror's, {@link #prepare prepared}
     * @param mirror its relation there
     * @param connections those of the instance whose writes meet it
     */
    AutoCloseable put(TestDatabase database, Relation mirror, Collection<InterceptedDataSource> connections) {
        String table = mirror.toTable().toString();
        return switch (this) {
            case TABLE_LOCKED, ROW_LOCKED -> inSession(database, put.formatted(table));
            case TABLE_GONE -> {
                database.execute(put.formatted(table));
                yield () -> database.execute(
                        "alter table %s.elsewhere rename to %s".formatted(mirror.schema(), mirror.table()));
            }
            case ERROR_IN_OUR_CODE -> {
                connections.forEach(one -> one.intercept(sql -> {
                    if (sql.contains("into " + table)
                            || sql.contains("from " + table + " using")
                            || sql.contains("update " + table)) {
                        throw new StackOverflowError("a test's own");
                    }
                }));
                yield () -> connections.forEach(InterceptedDataSource::letGo);
            }
            default -> {
                database.execute(put.formatted(table));
                yield () -> database.execute(remove.formatted(table));
            }
        };
    }

    /** Runs a statement in a transaction that stays open until the result is closed. */
    static AutoCloseable inSession(TestDatabase database, String sql) {
        try {
            Connection connection = database.dataSource().getConnection();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
            return () -> {
                connection.rollback();
                connection.close();
            };
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
