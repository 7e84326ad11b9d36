package dev.crossfade.connection;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.postgresql.jdbc.PgConnection;

/**
 * Tells whether connections share server sessions, as behind a pooler in transaction mode. A pooler announces a
 * process id of its own when a connection is made. If the ids differ, the check looks for two connections that used
 * the same session, or one connection that used several.
 */
final class PoolerCheck {

    private static final int LOOKS = 3;

    private PoolerCheck() {}

    /** Opens a second connection. */
    @FunctionalInterface
    interface Opening {

        Connection open() throws SQLException;
    }

    static boolean isPooled(Connection first, Opening second) throws SQLException {
        if (!first.isWrapperFor(PgConnection.class)
                || first.unwrap(PgConnection.class).getBackendPID() == session(first)) {
            return false;
        }
        try (Connection other = second.open()) {
            Set<Integer> ofFirst = new HashSet<>();
            Set<Integer> ofOther = new HashSet<>();
            for (int look = 0; look < LOOKS; look++) {
                ofFirst.add(session(first));
                ofOther.add(session(other));
            }
            return ofFirst.size() > 1 || ofOther.size() > 1 || ofFirst.equals(ofOther);
        }
    }

    private static int session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
