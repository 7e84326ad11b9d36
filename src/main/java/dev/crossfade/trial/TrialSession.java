package dev.crossfade.trial;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Projection;
import dev.crossfade.model.Side;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.DriverConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The transactions of a trial, one in each database. They never commit: each row is rolled back as soon as it was
 * checked, so that its locks last some milliseconds, and everything at the end. The server ends the session of a
 * paused process after a second.
 */
final class TrialSession implements AutoCloseable {

    /** Shorter than every mirror budget and the server's deadlock timeout. */
    private static final Duration LOCK = Duration.ofMillis(50);

    private static final Duration STATEMENT = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final Connection pooledSource;
    /** Empty where both sides are in one database. */
    private final Optional<Connection> pooledMirror;

    private final Connection source;
    private final Connection mirror;

    /** Work between a savepoint and its rollback. */
    @FunctionalInterface
    interface TrialWork<T> {

        /** Does the work. */
        T run() throws SQLException;
    }

    private TrialSession(Connection pooledSource, Optional<Connection> pooledMirror) {
        this.pooledSource = pooledSource;
        this.pooledMirror = pooledMirror;
        this.source = DriverConnection.of(pooledSource).direct();
        this.mirror = pooledMirror
                .map(connection -> DriverConnection.of(connection).direct())
                .orElse(source);
    }

    /**
     * Starts the transactions on the databases of both sides.
     *
     * @param longest how long the trial may take; a long trial waits longer for each statement
     */
    static TrialSession open(Databases databases, Projection projection, Duration longest) throws SQLException {
        Databases holding = projection.mapping().holding(databases);
        Limits limits = new Limits(LOCK, longer(STATEMENT, longest), longer(SILENCE, longest));
        Connection modern = begun(holding.modern(), limits);
        if (holding.areShared()) {
            return new TrialSession(modern, Optional.empty());
        }
        try {
            Connection legacy = begun(holding.legacy(), limits);
            return projection.authority() == Side.LEGACY
                    ? new TrialSession(legacy, Optional.of(modern))
                    : new TrialSession(modern, Optional.of(legacy));
        } catch (SQLException | RuntimeException e) {
            end(modern, e);
            throw e;
        }
    }

    private static Duration longer(Duration usual, Duration longest) {
        Duration part = longest.dividedBy(10);
        return part.compareTo(usual) > 0 ? part : usual;
    }

    private static Connection begun(DataSource database, Limits limits) throws SQLException {
        Connection connection = CanonicalTransaction.connection(database);
        try {
            CanonicalTransaction.begin(connection, limits);
            try (Statement statement = connection.createStatement()) {
                // Deferred constraints are checked at once, because there is no commit.
                statement.execute("set constraints all immediate");
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            end(connection, e);
            throw e;
        }
    }

    private static void end(Connection connection, Throwable reason) {
        CanonicalTransaction.rollBack(connection, reason);
        CanonicalTransaction.giveBack(connection);
        try {
            connection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** Returns the connection to the database of the authoritative side. */
    Connection source() {
        return source;
    }

    /** Returns the connection to the mirror's database; the same one if both sides share a database. */
    Connection mirror() {
        return mirror;
    }

    /** Does something and undoes it, whether or not it fails. */
    <T> T undone(TrialWork<T> work) throws SQLException {
        Savepoint onSource = source.setSavepoint();
        Savepoint onMirror = pooledMirror.isPresent() ? mirror.setSavepoint() : onSource;
        try {
            T result = work.run();
            undo(onSource, onMirror);
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                undo(onSource, onMirror);
            } catch (SQLException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
    }

    private void undo(Savepoint onSource, Savepoint onMirror) throws SQLException {
        if (pooledMirror.isPresent()) {
            mirror.rollback(onMirror);
            mirror.releaseSavepoint(onMirror);
        }
        source.rollback(onSource);
        source.releaseSavepoint(onSource);
    }

    /** Tells whether both sessions are still alive. */
    boolean isAlive() {
        try {
            return !source.isClosed() && !mirror.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        SQLException ignored = new SQLException("the trial is over");
        end(pooledSource, ignored);
        pooledMirror.ifPresent(connection -> end(connection, ignored));
    }
}
