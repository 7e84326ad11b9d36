package dev.crossfade.sql;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The commit of a transaction failed that has written a mirror. That may be due to the mirror: what its triggers write
 * to other tables is checked at the commit where these have deferred constraints. Says what its cause says.
 */
public final class CommitFailedException extends SQLException {

    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private CommitFailedException(SQLException failure, boolean refused) {
        super(failure.getMessage(), failure.getSQLState(), failure);
        this.refused = refused;
    }

    /**
     * Commits.
     *
     * @param mirrored whether the transaction has written a mirror
     * @throws CommitFailedException if it has, and the failure is not a serialization failure, which is told as ever:
     *     callers at that isolation level run their transaction again by themselves
     */
    public static void commit(Connection connection, boolean mirrored) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (mirrored && !SqlState.SERIALIZATION_FAILURE.equals(SqlState.of(e))) {
                throw new CommitFailedException(
                        e, !DriverConnection.of(connection).isLost(e));
            }
            throw e;
        }
    }

    /**
     * Tells whether the server refused the commit: then nothing is committed, and the transaction may be run again
     * without its mirrors. Else the connection was lost, and whether it was committed is not known.
     */
    public boolean isRefused() {
        return refused;
    }
}
