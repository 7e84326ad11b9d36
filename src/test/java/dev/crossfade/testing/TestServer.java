package dev.crossfade.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running PostgreSQL server and a login that may create databases on it.
 *
 * @param url the JDBC URL of any existing database on the server, the one that {@code CREATE DATABASE} is sent to
 */
record TestServer(String url, String user, String password) {

    private static final String SCHEME = "jdbc:postgresql:";
    private static final Logger LOG = LoggerFactory.getLogger(TestServer.class);
    private static final ExecutorService DROPPING = dropping();

    TestServer {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("The test server's URL must start with " + SCHEME + ".");
        }
    }

    /** Creates an empty database with a name that nobody else uses. */
    TestDatabase createDatabase() {
        return createDatabase("create database {0}");
    }

    /** Creates an empty database that stores texts in an encoding of its own. */
    TestDatabase createDatabaseIn(String encoding) {
        return createDatabase(
                "create database {0} template template0 lc_collate 'C' lc_ctype 'C' encoding '" + encoding + "'");
    }

    private TestDatabase createDatabase(String statement) {
        String name =
                "test_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        onMaintenanceConnection(statement, name);
        return new TestDatabase(this, name);
    }

    /** Drops a database in the background, ending the sessions that still use it. */
    void dropDatabase(String name) {
        DROPPING.execute(() -> {
            try {
                onMaintenanceConnection("drop database if exists {0} with (force)", name);
            } catch (IllegalStateException | DataAccessException e) {
                // A server of our own ends with this JVM, and its databases with it.
                LOG.info("The database {} was not dropped: {}", name, e.getMessage());
            }
        });
    }

    private static ExecutorService dropping() {
        ExecutorService executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("drop-test-databases").factory());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            executor.shutdown();
            try {
                executor.awaitTermination(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        return executor;
    }

    /** Returns the URL of a database on this server, with the parameters of {@link #url}. */
    String url(String database) {
        int parameters = url.indexOf('?');
        String base = parameters < 0 ? url : url.substring(0, parameters);
        String suffix = parameters < 0 ? "" : url.substring(parameters);
        int slash = base.lastIndexOf('/');
        String server = slash < 0 ? SCHEME : base.substring(0, slash + 1);
        return server + database + suffix;
    }

    private void onMaintenanceConnection(String template, String database) {
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            DSL.using(connection, SQLDialect.POSTGRES).execute(template, DSL.name(database));
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The test server at %s cannot be reached as %s. Check that it runs and that the user may create databases."
                            .formatted(url, user),
                    e);
        }
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return url + " as " + user;
    }
}
