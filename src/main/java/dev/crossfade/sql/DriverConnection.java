package dev.crossfade.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The driver's own connection beneath a pooled one, for statements whose failure must not cost the caller the
 * connection.
 *
 * <p>A pool checks the SQLSTATE of every exception on its connection, and closes it on those of a broken connection:
 * HikariCP on 0A000, 01002, 57P01 to 57P03 and 08. A rule, a trigger, dblink or a foreign table can raise each of
 * them within the server, while the connection is fine. The pool does not see failures beneath it.
 *
 * <p>A pool or wrapper may hide the driver's connection. Then statements run on the pooled connection, which the pool
 * may close.
 *
 * @param pooled the pool's connection, on which transactions are begun and ended
 * @param direct the driver's connection; the pooled one if that is hidden
 */
public record DriverConnection(Connection pooled, Connection direct) {

    private static final String CONNECTION_CLASS = "08";
    /** Severities after which the server has ended the session. */
    private static final Set<String> ENDED = Set.of("FATAL", "PANIC");

    /** Unwraps a pool's connection; sends nothing to the server. */
    public static DriverConnection of(Connection pooled) {
        try {
            if (pooled.isWrapperFor(PgConnection.class)) {
                return new DriverConnection(pooled, pooled.unwrap(PgConnection.class));
            }
        } catch (SQLException | RuntimeException e) {
            // It is closed, which its next statement reports, or it does not support unwrapping.
            return new DriverConnection(pooled, pooled);
        }
        return new DriverConnection(pooled, pooled);
    }

    /**
     * Tells whether a failure is the loss of the connection, not an error that the server reported on a working one.
     * Reports a loss to the pool, so that it does not hand out the connection again.
     */
    public boolean isLost(Throwable failure) {
        boolean shown = direct instanceof PgConnection;
        boolean lost = saysLost(failure) || (shown && isClosed());
        if (lost && shown) {
            tellPool();
        }
        return lost;
    }

    /**
     * An error of the server has a server message; the driver's own report of a lost connection has none, but may
     * follow the server's last message.
     */
    private static boolean saysLost(Throwable failure) {
        if (failure instanceof SQLException reported) {
            for (Throwable one : reported) {
                if (one instanceof SQLException sql && saysLost(sql)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean saysLost(SQLException failure) {
        ServerErrorMessage said = failure instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        return said == null
                ? failure.getSQLState() != null && failure.getSQLState().startsWith(CONNECTION_CLASS)
                : said.getSeverity() != null && ENDED.contains(said.getSeverity());
    }

    private boolean isClosed() {
        try {
            return direct.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** Makes a call on the closed connection: the driver's exception makes the pool evict it. */
    private void tellPool() {
        try {
            direct.abort(Runnable::run);
            pooled.clearWarnings();
        } catch (SQLException e) {
            // The pool has seen the exception.
            return;
        }
    }
}
