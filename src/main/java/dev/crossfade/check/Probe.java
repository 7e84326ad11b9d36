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
 * A connection on which questions are tried: one read-only transaction with one snapshot, rolled back at the end, in
 * which a refused question does not spoil the next one.
 */
final class Probe implements AutoCloseable {

    private final Connection pooled;
    private final boolean autoCommit;

    /** The driver's own connection: a pool throws a connection away for some refusals that mean no harm to it. */
    private final Connection connection;

    private final DSLContext dsl;
    private Optional<Sessions> sessions = Optional.empty();

    private Probe(Connection pooled, boolean autoCommit) {
        this.pooled = pooled;
        this.autoCommit = autoCommit;
        this.connection = DriverConnection.of(pooled).direct();
        this.dsl = Databases.dsl(connection);
    }

    /** The answer to a question. */
    sealed interface Answer<T extends @Nullable Object> {

        /** The server answered. */
        record Value<T extends @Nullable Object>(T value) implements Answer<T> {}

        /**
         * The server refused the question.
         *
         * @param sqlState the five-character SQLSTATE
         * @param message the server's primary message; it may quote a row's values
         * @param hint the server's hint, empty if there is none
         * @param unconvertible whether a number has no value in the type that it was to be converted to
         */
        record Refusal<T extends @Nullable Object>(String sqlState, String message, String hint, boolean unconvertible)
                implements Answer<T> {}
    }

    /**
     * Takes a connection from {@code database} and begins the transaction; it waits 5 s for a lock and 10 s for an
     * answer.
     *
     * @throws UnavailableException if there is no connection to be had
     */
    static Probe open(DataSource database) {
        return open(database, "read only");
    }

    /**
     * As {@link #open}, on a connection on which a question may make temporary objects; they are gone when it is
     * answered.
     *
     * @throws UnavailableException if there is no connection to be had
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
                // A row that is hidden from the login would be proven of nothing.
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
     * Asks a question that the server must answer.
     *
     * @throws UnavailableException if it does not
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
     * Asks a question that the server may refuse.
     *
     * @throws UnavailableException if it could not be asked: connection lost, or a lock took too long
     */
    <T extends @Nullable Object> Answer<T> ask(Function<DSLContext, T> question) {
        try {
            Savepoint before = connection.setSavepoint();
            Answer<T> answer = answer(question);
            // also after an answer: a question's SET LOCAL ends with it
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

    /** Returns sessions of this server in which a question can be asked. */
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
