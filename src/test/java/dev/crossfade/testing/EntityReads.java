package dev.crossfade.testing;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.DefaultStatement;

/**
 * A data source that watches its connections and notes each statement that reads rows of the users' tables while
 * row-level security may hide some: the server would silently leave them out. DDL reads no rows.
 */
public final class EntityReads implements DataSource {

    private static final Pattern TABLES =
            Pattern.compile("\\blegacy\"?\\.\"?users\\b|\\bmodern\"?\\.\"?accounts\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern DDL = Pattern.compile(
            "\\s*(lock|alter|create|drop|comment|grant)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final DataSource target;
    private final Set<String> unsafe = new ConcurrentSkipListSet<>();
    private final AtomicInteger followed = new AtomicInteger();

    public EntityReads(DataSource target) {
        this.target = target;
    }

    /** Returns the statements that read rows without the necessary settings, each with its caller. */
    public List<String> unsafe() {
        return List.copyOf(unsafe);
    }

    /** Returns how many statements read rows. */
    public int followed() {
        return followed.get();
    }

    private void follow(Connection connection, String sql) throws SQLException {
        if (!TABLES.matcher(sql).find() || DDL.matcher(sql).matches()) {
            return;
        }
        followed.incrementAndGet();
        try (Statement question = connection.createStatement();
                ResultSet answer = question.executeQuery("select current_setting('row_security')")) {
            answer.next();
            if (!"off".equals(answer.getString(1))) {
                unsafe.add(caller() + ": " + sql.strip().replaceAll("\\s+", " "));
            }
        }
    }

    /** The first of our own stack frames that sent the statement. */
    private static String caller() {
        return Arrays.stream(Thread.currentThread().getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> name.startsWith("dev.crossfade.") && !name.startsWith("dev.crossfade.testing."))
                .filter(name -> !name.endsWith("TextStatement"))
                .findFirst()
                .orElse("somebody");
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = target.getConnection();
        return new DefaultConnection(connection) {
            @Override
            public PreparedStatement prepareStatement(String sql) throws SQLException {
                follow(connection, sql);
                return super.prepareStatement(sql);
            }

            @Override
            public Statement createStatement() throws SQLException {
                return new DefaultStatement(super.createStatement()) {
                    @Override
                    public boolean execute(String sql) throws SQLException {
                        follow(connection, sql);
                        return super.execute(sql);
                    }

                    @Override
                    public ResultSet executeQuery(String sql) throws SQLException {
                        follow(connection, sql);
                        return super.executeQuery(sql);
                    }

                    @Override
                    public int executeUpdate(String sql) throws SQLException {
                        follow(connection, sql);
                        return super.executeUpdate(sql);
                    }
                };
            }

            /** Nobody can bypass the watch. */
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

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return target.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return target.isWrapperFor(type);
    }
}
