package dev.crossfade.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The driver's own connection beneath one of a pool, for statements whose failure must not cost the caller the
 * connection.
 *
 * <p>A pool looks at the SQLSTATE of every exception that passes its connection, and closes it at those that speak of a
 * broken one: HikariCP at 0A000, 01002, 57P01 to 57P03 and 08. A rule, a trigger, dblink or a foreign table can raise
 * each of them within the server, while the connection is as good as before. What fails beneath the pool is not seen by
 * it.
 *
 * <p>A pool or a wrapper may not show what is beneath it. Statements then run on its own connection, and it may close
 * that one.
 *
 * @param pooled the pool's connection, on which transactions are begun and ended
 * @param direct the driver's; the pool's own where that one is not shown
 */
public record DriverConnection(Connection pooled, Connection direct) {

    private static final String CONNECTION_CLASS = "08";
    /** Severities after which the server has ended the session. */
    private static final Set<String> ENDED = Set.of("FATAL", "PANIC");

    /** Looks beneath a pool's connection; asks nothing of the server. */
    public static DriverConnection of(Connection pooled) {
        try {
            if (pooled.isWrapperFor(PgConnection.class)) {
                return new DriverConnection(pooled, pooled.unwrap(PgConnection.class));
            }
        } catch (SQLException | RuntimeException e) {
            // It is closed, which its next statement says, or it has no answer.
            return new DriverConnection(pooled, pooled);
        }
        return new DriverConnection(pooled, pooled);
    }

    /**
     * Tells whether a failure is the loss of the connection, not something that the server reported on a connection
     * that goes on. The pool learns of a loss here, so that it does not hand out the connection again.
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
     * What the server reported comes with its message; the driver's own report of a lost connection has none, and
     * follows the server's last words where there were some.
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

    /** The driver refuses every call on a closed connection, with an exception at which the pool drops it. */
    private void tellPool() {
        try {
            direct.abort(Runnable::run);
            pooled.clearWarnings();
        } catch (SQLException e) {
            // That is how the pool learns of it.
            return;
        }
    }
}
