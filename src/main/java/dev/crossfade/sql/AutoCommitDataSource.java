package dev.crossfade.sql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;

/**
 * A data source whose connections are in auto-commit mode, whatever the service's pool is set to: a statement that
 * counts as committed must not be rolled back when its connection is returned. Connections are returned in their
 * original mode: not every pool resets it, and the service's own transactions would then commit each statement.
 *
 * @param delegate the service's own data source
 * @param admission asked before each connection, and before the pool itself is handed out
 */
public record AutoCommitDataSource(DataSource delegate, Admission admission) implements DataSource {

    private static final Admission ALWAYS = () -> {};

    /** Tells whether a database may be used now. */
    @FunctionalInterface
    public interface Admission {

        /** Throws the exception that a caller gets instead of a connection. */
        void require() throws SQLException;
    }

    public static DataSource of(DataSource database) {
        return database instanceof AutoCommitDataSource ? database : new AutoCommitDataSource(database, ALWAYS);
    }

    @Override
    public Connection getConnection() throws SQLException {
        admission.require();
        return committing(delegate.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        admission.require();
        return committing(delegate.getConnection(user, password));
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return delegate.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        delegate.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        delegate.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return delegate.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(AutoCommitDataSource.class.getPackageName());
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        // With the pool itself a caller could open connections bypassing this.
        admission.require();
        return type.isInstance(delegate) ? type.cast(delegate) : delegate.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(delegate) || delegate.isWrapperFor(type);
    }

    private static Connection committing(Connection connection) throws SQLException {
        try {
            if (connection.getAutoCommit()) {
                return connection;
            }
            connection.setAutoCommit(true);
            return new Restored(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A connection that came without auto-commit and is returned without. */
    private static final class Restored extends DefaultConnection {

        Restored(Connection connection) {
            super(connection);
        }

        @Override
        public void close() throws SQLException {
            try {
                if (!isClosed()) {
                    setAutoCommit(false);
                }
            } catch (SQLException e) {
                // The connection is broken, as its user has reported if it mattered; its pool evicts it.
                super.close();
                return;
            }
            super.close();
        }

        // Calls that jOOQ's base class does not delegate.

        @Override
        public void setSchema(String schema) throws SQLException {
            getDelegate().setSchema(schema);
        }

        @Override
        public String getSchema() throws SQLException {
            return getDelegate().getSchema();
        }

        @Override
        public void abort(Executor executor) throws SQLException {
            getDelegate().abort(executor);
        }

        @Override
        public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
            getDelegate().setNetworkTimeout(executor, milliseconds);
        }

        @Override
        public int getNetworkTimeout() throws SQLException {
            return getDelegate().getNetworkTimeout();
        }
    }
}
