package dev.crossfade.routing;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.StatementException;
import dev.crossfade.model.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A transaction of Crossfade's own: its connection is taken when it is first needed, in the database that needs it. */
final class OwnConnection implements TransactionConnection {

    private final Databases databases;
    private final boolean readOnly;
    private @Nullable DataSource database;
    private @Nullable Connection connection;

    OwnConnection(Databases databases, boolean readOnly) {
        this.databases = databases;
        this.readOnly = readOnly;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public boolean reaches(Side side) {
        return database == null || database.equals(databases.of(side));
    }

    @Override
    public Connection on(Side side) {
        if (!reaches(side)) {
            throw elsewhere(side);
        }
        if (connection != null) {
            return connection;
        }
        DataSource wanted = databases.of(side);
        try {
            Connection opened = wanted.getConnection();
            database = wanted;
            connection = opened;
            if (readOnly) {
                opened.setReadOnly(true);
            }
            opened.setAutoCommit(false);
            return opened;
        } catch (SQLException e) {
            throw new UnavailableException(
                    "No connection to the %s side for a transaction: %s Check the server and the pool's size."
                            .formatted(side.label(), e.getMessage()),
                    e);
        }
    }

    /**
     * Commits.
     *
     * @throws CommitFailedException if that fails, and the transaction has written a mirror
     */
    void commit(boolean mirrored) throws CommitFailedException {
        try {
            if (connection != null) {
                CommitFailedException.commit(connection, mirrored);
            }
        } catch (CommitFailedException e) {
            throw e;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    static StatementException failed(SQLException failure) {
        return new StatementException("Committing the transaction", failure);
    }

    void rollback(Throwable reason) {
        try {
            if (connection != null) {
                connection.rollback();
            }
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** Gives the connection back; a broken one is dropped by its pool. */
    void close() {
        Connection open = connection;
        connection = null;
        if (open == null) {
            return;
        }
        try (open) {
            open.setAutoCommit(true);
            if (readOnly) {
                open.setReadOnly(false);
            }
        } catch (SQLException e) {
            // The connection is broken, which the commit or the rollback has reported already.
            return;
        }
    }

    static RefusedException elsewhere(Side wanted) {
        return new RefusedException(
                "This transaction runs in the %s database and cannot reach the %s side. Begin it in the database of the authoritative side; entities that share transactions must move their authority together: `crossfade stage A B --to …`."
                        .formatted(wanted.opposite().label(), wanted.label()));
    }
}
