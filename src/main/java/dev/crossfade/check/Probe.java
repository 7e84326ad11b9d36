package dev.crossfade.check;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A connection for trial queries: one read-only transaction with one snapshot, rolled back at the end, in which a
 * failed query does not affect the next one.
 */
final class Probe implements AutoCloseable {

    private final Connection pooled;
    private final boolean autoCommit;

    /** The driver's own connection: some harmless errors would make a pool evict it. */
    private final Connection connection;

    private final DSLContext dsl;
    private Optional<Sessions> sessions = Optional.empty();

    private Probe(Connection pooled, boolean autoCommit) {
        this.pooled = pooled;
        this.autoCommit = autoCommit;
        this.connection = DriverConnection.of(pooled).direct();
        this.dsl = Databases.dsl(connection);
    }

    /** The answer to a query. */
    sealed interface Answer<T extends @Nullable Object> {

        /** The server answered. */
        record Value<T extends @Nullable Object>(T value) implements Answer<T> {}

        /**
         * The server refused the query.
         *
         * @param sqlState the five-character SQLSTATE
         * @param message the server's primary message; it may quote a row's values
         * @param hint the server's hint, empty if there is none
         * @param unconvertible whether a number could not be converted to the target type
         */
        record Refusal<T extends @Nullable Object>(String sqlState, String message, String hint, boolean unconvertible)
                implements Answer<T> {}
    }

    /**
     * Takes a connection from {@code database} and starts the transaction; it waits up to 5 s for a lock and 10 s for
     * an answer.
     *
     * @throws UnavailableException if no connection can be acquired
     */
    static Probe open(DataSource database) {
        return open(database, "read only");
    }

    /**
     * As {@link #open}, for queries that create temporary objects, which are gone after the query.
     *
     * @throws UnavailableException if no connection can be acquired
     */
    static Probe scratch(DataSource database) {
        return open(database, "read write");
    }

    private static Probe open(DataSource database, String access) {
        try {
            Connection connection = database.getConnection();
            try (Statement statement = connection.createStatement()) {
                boolean autoCommit = connection.getAutoCommit();
                connection.setAutoCommit(false);
                statement.execute("set transaction isolation level repeatable read, " + access);
                statement.execute("set local lock_timeout = '5s'");
                statement.execute("set local statement_timeout = '10s'");
                // A proof must not skip rows that a policy hides from the login.
                statement.execute("set local row_security = off");
                statement.execute("set local DateStyle = 'ISO, MDY'");
                return new Probe(connection, autoCommit);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
    }

    /**
     * Runs a query that must succeed.
     *
     * @throws UnavailableException if it fails
     */
    <T extends @Nullable Object> T require(Function<DSLContext, T> question) {
        return switch (ask(question)) {
            case Answer.Value<T>(T value) -> value;
            case Answer.Refusal<T> refusal ->
                throw new UnavailableException(
                        "The catalog could not be read (SQLSTATE %s): %s. %s"
                                .formatted(refusal.sqlState(), refusal.message(), refusal.hint()),
                        null);
        };
    }

    /**
     * Runs a query that the server may refuse.
     *
     * @throws UnavailableException if it could not run: connection lost, or a lock took too long
     */
    <T extends @Nullable Object> Answer<T> ask(Function<DSLContext, T> question) {
        try {
            Savepoint before = connection.setSavepoint();
            Answer<T> answer = answer(question);
            // after success too, so that a query's SET LOCAL ends with it
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return answer;
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
    }

    private <T extends @Nullable Object> Answer<T> answer(Function<DSLContext, T> question) {
        try {
            return new Answer.Value<>(question.apply(dsl));
        } catch (DataAccessException e) {
            if (!(e.getCause() instanceof SQLException cause)) {
                throw e;
            }
            String sqlState = SqlState.of(cause);
            if (isOutage(sqlState)) {
                throw new UnavailableException(
                        "The mapping could not be checked (SQLSTATE %s). The server said: %s %s"
                                .formatted(
                                        sqlState,
                                        ServerMessage.sentence(ServerMessage.of(cause)),
                                        sqlState.startsWith("55")
                                                ? "A lock is in the way: find who holds it in pg_locks, end them or wait, and try again."
                                                : "Look whether the server runs, and try again."),
                        cause);
            }
            ServerErrorMessage said = cause instanceof PSQLException server ? server.getServerErrorMessage() : null;
            return new Answer.Refusal<>(
                    sqlState,
                    said == null ? orEmpty(cause.getMessage()) : orEmpty(said.getMessage()),
                    hint(said),
                    ServerMessage.isUnconvertible(cause));
        }
    }

    /** Returns the session settings under which this server can run a query. */
    Sessions sessions() {
        if (sessions.isEmpty()) {
            sessions = Optional.of(Sessions.of(this));
        }
        return sessions.get();
    }

    @Override
    public void close() {
        try (pooled) {
            pooled.rollback();
            pooled.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
    }

    private static boolean isOutage(String sqlState) {
        return sqlState.isEmpty() || SqlState.isOutage(sqlState) || sqlState.equals(SqlState.LOCK_NOT_AVAILABLE);
    }

    private static String hint(@Nullable ServerErrorMessage said) {
        return said == null ? "" : orEmpty(said.getHint());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
