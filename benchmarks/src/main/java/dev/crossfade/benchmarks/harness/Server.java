package dev.crossfade.benchmarks.harness;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.UnavailableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * A fresh embedded PostgreSQL server with durable commits and a pool of connections. It has its own data directory,
 * which {@link #close()} removes.
 */
public final class Server implements AutoCloseable {

    /** The settings that make commits survive a crash. The embedded server switches the first two off by default. */
    private static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

    private static final String USER = "postgres";

    private final EmbeddedPostgres process;
    private final HikariDataSource pool;

    private Server(EmbeddedPostgres process, HikariDataSource pool) {
        this.process = process;
        this.pool = pool;
    }

    /**
     * Starts a server.
     *
     * @param connections how many connections its pool has, all of them open
     * @throws RefusedException if it answers commits before they are on disk
     * @throws UnavailableException if it does not start
     */
    public static Server start(int connections) {
        EmbeddedPostgres process = startProcess();
        HikariDataSource pool = connect(url(process.getPort()), connections);
        Server server = new Server(process, pool);
        try {
            requireDurable(pool);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Returns the pool. */
    public DataSource dataSource() {
        return pool;
    }

    /** Returns the port that the server listens on, on the loopback interface. */
    public int port() {
        return process.getPort();
    }

    /** Returns the JDBC URL of a server on the loopback interface, or of a relay in front of one. */
    public static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    /** Returns a pool of connections to a server of this kind; the caller closes it. */
    public static HikariDataSource connect(String url, int connections) {
        return new HikariDataSource(settings(url, connections));
    }

    /** Returns the settings of {@link #connect}, for a pool with other ones. */
    public static HikariConfig settings(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(USER);
        config.setPassword(USER);
        config.setMaximumPoolSize(connections);
        return config;
    }

    /** Runs the benchmark's own SQL; the text may contain several statements. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        pool.close();
        try {
            process.close();
        } catch (IOException e) {
            throw new UnavailableException("The embedded PostgreSQL server did not stop: " + e.getMessage(), e);
        }
    }

    /**
     * Makes sure that a commit waits for the disk. It asks the server itself, in a session like the benchmark's.
     *
     * @throws RefusedException if it does not; all settings that are off are named
     */
    static void requireDurable(DataSource database) {
        List<String> off = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String setting : DURABLE) {
                try (ResultSet row = statement.executeQuery("show " + setting)) {
                    row.next();
                    if (!"on".equals(row.getString(1))) {
                        off.add(setting + " = " + row.getString(1));
                    }
                }
            }
        } catch (SQLException e) {
            throw new UnavailableException(
                    "The benchmark's server cannot be asked for its settings: " + e.getMessage(), e);
        }
        if (!off.isEmpty()) {
            throw new RefusedException(
                    "The benchmark's server answers commits before they are on disk: %s; all must be on. Numbers from it would flatter every write, so nothing was measured."
                            .formatted(String.join(", ", off)));
        }
    }

    private static EmbeddedPostgres startProcess() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("max_connections", "300")
                .setServerConfig("shared_buffers", "256MB")
                // No checkpoint within a run: it would slow down one variant and not its neighbour.
                .setServerConfig("max_wal_size", "8GB")
                .setServerConfig("checkpoint_timeout", "1h");
        DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UnavailableException("The embedded PostgreSQL server does not start: " + e.getMessage(), e);
        }
    }
}
