package dev.crossfade.benchmarks.routing;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database that one thread can be cut off from: its statements are then answered at once, without a server. All
 * other threads use the real one, so that an instance on it keeps its lease and its stages.
 */
final class InstantDatabase implements DataSource {

    private final DataSource real;
    private final InstantConnection instant = new InstantConnection();
    private volatile @Nullable Thread cutOff;

    InstantDatabase(DataSource real) {
        this.real = real;
    }

    /** Cuts the calling thread off. */
    void answerAtOnce() {
        cutOff = Thread.currentThread();
    }

    /** Reconnects the thread to the real database. */
    void answerReally() {
        cutOff = null;
    }

    /** Returns the statements that were answered at once so far, in order and without repetitions. */
    Set<String> answered() {
        return instant.statements();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return Thread.currentThread().equals(cutOff) ? instant : real.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return real.getConnection(user, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return real.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        real.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        real.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return real.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(InstantDatabase.class.getPackageName());
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return real.isWrapperFor(type);
    }
}
