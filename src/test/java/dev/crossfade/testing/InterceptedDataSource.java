package dev.crossfade.testing;

import java.io.PrintWriter;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;

/**
 * A data source that passes each statement to a test just before it is prepared, so that the test can fail it, pause
 * it, or act in between. Without an interceptor it behaves like the data source that it wraps, except that its
 * connections do not unwrap: statements on the driver's own connection would not be seen. Safe for many threads.
 */
public final class InterceptedDataSource implements DataSource {

    private static final Consumer<String> NOTHING = sql -> {};
    private static final BiConsumer<String, Object[]> NO_VALUES = (sql, values) -> {};
    private static final Runnable NO_MORE = () -> {};

    private final DataSource target;
    private final AtomicReference<Consumer<String>> beforePrepare = new AtomicReference<>(NOTHING);
    private final AtomicReference<BiConsumer<String, Object[]>> beforeArray = new AtomicReference<>(NO_VALUES);
    private final AtomicReference<Runnable> beforeCommit = new AtomicReference<>(NO_MORE);

    public InterceptedDataSource(DataSource target) {
        this.target = target;
    }

    /** Runs {@code interceptor} with each statement, on the preparing thread, until {@link #letGo()}. */
    public void intercept(Consumer<String> interceptor) {
        beforePrepare.set(interceptor);
    }

    /** Runs {@code interceptor} with each array that is to be bound, and its statement, until {@link #letGo()}. */
    public void interceptArrays(BiConsumer<String, Object[]> interceptor) {
        beforeArray.set(interceptor);
    }

    /** Runs {@code interceptor} before each commit, on the committing thread, until {@link #letGo()}. */
    public void interceptCommit(Runnable interceptor) {
        beforeCommit.set(interceptor);
    }

    /** Ends the interception. */
    public void letGo() {
        beforePrepare.set(NOTHING);
        beforeArray.set(NO_VALUES);
        beforeCommit.set(NO_MORE);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return new DefaultConnection(target.getConnection()) {
            private String prepared = "";

            @Override
            public PreparedStatement prepareStatement(String sql) throws SQLException {
                beforePrepare.get().accept(sql);
                prepared = sql;
                return super.prepareStatement(sql);
            }

            @Override
            public Array createArrayOf(String type, Object[] values) throws SQLException {
                beforeArray.get().accept(prepared, values);
                return super.createArrayOf(type, values);
            }

            @Override
            public void commit() throws SQLException {
                beforeCommit.get().run();
                super.commit();
            }

            /** Nobody can bypass the interceptor. */
            @Override
            public boolean isWrapperFor(Class<?> type) {
                return false;
            }
        };
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return target.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        target.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        target.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return target.getParentLogger();
    }

    /** Nobody can bypass the interceptor. */
    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("It does not unwrap to " + type.getName() + ".");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
