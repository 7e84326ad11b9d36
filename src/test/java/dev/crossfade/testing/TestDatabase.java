package dev.crossfade.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.control.Databases;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.DSLContext;

/**
 * A fresh database on a test server, dropped soon after {@link #close()} whoever is still connected. Safe for many
 * threads.
 */
public final class TestDatabase implements AutoCloseable {

    private static final int POOL_SIZE = 16;

    private static final String DEADLOCK = "40P01";

    private final TestServer server;
    private final String name;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private final HikariDataSource dataSource;

    TestDatabase(TestServer server, String name) {
        this.server = server;
        this.name = name;
        this.dataSource = newDataSource(settings -> {});
    }

    /** Returns the database's pool: at most 16 connections, opened as they are needed. */
    public HikariDataSource dataSource() {
        return dataSource;
    }

    /** Opens another pool on this database, adjusted by {@code settings}; it is closed together with the database. */
    public HikariDataSource newDataSource(Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setUsername(user());
        config.setPassword(password());
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        settings.accept(config);
        HikariDataSource pool = new HikariDataSource(config);
        synchronized (pools) {
            pools.add(pool);
        }
        return pool;
    }

    /** Returns both sides on this one database. */
    public Databases databases() {
        return Databases.shared(dataSource);
    }

    /** Returns a jOOQ context on the pool. */
    public DSLContext dsl() {
        return Databases.dsl(dataSource);
    }

    /** Returns the database's name. */
    public String name() {
        return name;
    }

    /** Returns the JDBC URL, without user and password. */
    public String url() {
        return server.url(name);
    }

    /** Returns the login's name; it may create and drop anything. */
    public String user() {
        return server.user();
    }

    /** Returns the login's password. */
    public String password() {
        return server.password();
    }

    /**
     * Runs each text in order, each in a transaction of its own; a text may hold several statements. One that deadlocks
     * with what is tested, as DDL may, is run again.
     */
    public void execute(String... sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String text : sql) {
                execute(statement, text);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The test's own SQL failed: " + e.getMessage(), e);
        }
    }

    private static void execute(Statement statement, String text) throws SQLException {
        try {
            statement.execute(text);
        } catch (SQLException e) {
            if (!DEADLOCK.equals(e.getSQLState())) {
                throw e;
            }
            execute(statement, text);
        }
    }

    /** Opens a separate session outside the pools, for locks and transactions that outlast a statement. */
    public Session session() {
        try {
            return new Session(DriverManager.getConnection(url(), user(), password()));
        } catch (SQLException e) {
            throw new IllegalStateException("The test's own session does not open: " + e.getMessage(), e);
        }
    }

    /** A session; statements commit by themselves until it is told to begin a transaction. */
    public static final class Session implements AutoCloseable {

        private final Connection connection;

        private Session(Connection connection) {
            this.connection = connection;
        }

        /** Runs a statement. */
        public void execute(String sql) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException("The test's own SQL failed: " + e.getMessage(), e);
            }
        }

        /** Ends the session; its locks go, and a transaction that it did not commit is rolled back. */
        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException("The test's own session does not close.", e);
            }
        }
    }

    /** Closes every pool and drops the database. */
    @Override
    public void close() {
        synchronized (pools) {
            pools.forEach(HikariDataSource::close);
        }
        server.dropDatabase(name);
    }
}
