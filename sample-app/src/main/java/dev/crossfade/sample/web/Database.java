package dev.crossfade.sample.web;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.sample.storage.EmbeddedServer;
import dev.crossfade.sample.storage.LegacySchema;
import dev.crossfade.sample.storage.Migrations;
import dev.crossfade.schema.DestructionGate;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import dev.crossfade.schema.SchemaSettings;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The service's one database, with both schemas: the one in the settings, or else an embedded one with some legacy
 * data and the expand migrations.
 */
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int CONNECTIONS = 20;
    private static final int SAMPLE_ROWS = 1_000;
    private static final long SAMPLE_SEED = 1;

    private final HikariDataSource pool;
    private final @Nullable EmbeddedServer server;

    private Database(HikariDataSource pool, @Nullable EmbeddedServer server) {
        this.pool = pool;
        this.server = server;
    }

    /** Connects to an existing database. */
    static Database open(DatabaseSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("service");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(CONNECTIONS);
        return new Database(new HikariDataSource(config), null);
    }

    /** Starts an embedded server and prepares it. */
    static Database embedded() {
        EmbeddedServer server = EmbeddedServer.start();
        Database database = new Database(server.pool("service", CONNECTIONS), server);
        try {
            LegacySchema.create(database.pool(), SAMPLE_ROWS, SAMPLE_SEED);
            database.expand();
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        LOG.info(
                "No DB_HOST is set: using an embedded PostgreSQL server, which ends with this process. To operate it: "
                        + "DB_HOST=localhost DB_PORT={} DB_NAME=postgres DB_USER=postgres DB_PASSWORD=postgres "
                        + "./crossfade status --mapping sample-app/crossfade.yaml",
                server.port());
        return database;
    }

    HikariDataSource pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
        if (server != null) {
            server.close();
        }
    }

    private void expand() {
        try {
            var directory = Files.createTempDirectory("crossfade-migrations-");
            try {
                Databases databases = Databases.shared(pool);
                ControlSchema.install(databases);
                new SchemaRunner(
                                databases,
                                Migrations.unpack(directory),
                                DestructionGate.unguarded(),
                                SchemaSettings.DEFAULTS,
                                SchemaListener.silent())
                        .up(Migrations.EXPANDED);
            } finally {
                FileSystemUtils.deleteRecursively(directory);
            }
        } catch (IOException e) {
            throw new CrossfadeException("The migrations cannot be unpacked: " + e.getMessage(), e);
        }
    }
}
