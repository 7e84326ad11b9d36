package dev.crossfade.transaction;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.StatementException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.CommitFailedException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A transaction of Crossfade's own. It takes its connection when first needed, from the database that is needed. */
public final class OwnConnection implements TransactionConnection {

    private final Databases databases;
    private final boolean readOnly;
    private @Nullable DataSource database;
    private @Nullable Connection connection;

    /** Creates one without a connection yet. */
    public OwnConnection(Databases databases, boolean readOnly) {
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
     * Commits what was done.
     *
     * @param mirrored whether a mirror was written
     * @throws CommitFailedException if that fails, and a mirror was written
     */
    public void commit(boolean mirrored) throws CommitFailedException {
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

    /** Returns what a caller gets of a commit that failed. */
    public static StatementException failed(SQLException failure) {
        return new StatementException("Committing the transaction", failure);
    }

    /** Undoes what was done, and adds its own failure to the reason. */
    public void rollback(Throwable reason) {
        try {
            if (connection != null) {
                connection.rollback();
            }
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** Returns the connection; its pool evicts a broken one. */
    public void close() {
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
            // The connection is broken, as the commit or the rollback has reported.
            return;
        }
    }

    /** Returns the refusal of a side that the transaction does not reach. */
    public static RefusedException elsewhere(Side wanted) {
        return new RefusedException(
                "This transaction runs in the %s database and cannot reach the %s side. Begin it in the database of the authoritative side; entities that share transactions must move their authority together: `crossfade stage A B --to …`."
                        .formatted(wanted.opposite().label(), wanted.label()));
    }
}
