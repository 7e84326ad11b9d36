package dev.crossfade.cli.connection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.cli.settings.DatabaseSettings;
import dev.crossfade.cli.settings.Settings;
import dev.crossfade.control.Databases;
import java.time.Duration;
import java.util.Optional;

/**
 * One small pool of connections for each database that the settings name. Connects at the first use. Thread-safe; close
 * it at the end.
 */
public final class ConnectionPools implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HikariDataSource legacy;
    private final Optional<HikariDataSource> modern;

    /**
     * Makes pools; connects to nothing yet.
     *
     * @param applicationName what the server shows for these sessions
     * @param size connections to each database, at most
     */
    public ConnectionPools(Settings settings, String applicationName, int size) {
        this.legacy = pool("crossfade-legacy", settings.legacy(), applicationName, size);
        this.modern = settings.modern().map(database -> pool("crossfade-modern", database, applicationName, size));
    }

    /** Returns the databases of both sides. */
    public Databases databases() {
        return new Databases(legacy, modern.orElse(legacy));
    }

    /** Closes the connections. */
    @Override
    public void close() {
        modern.ifPresent(HikariDataSource::close);
        legacy.close();
    }

    private static HikariDataSource pool(String name, DatabaseSettings database, String applicationName, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        database.password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(PATIENCE.toMillis());
        // The probe has connected before, with better messages than the pool's.
        config.setInitializationFailTimeout(-1);
        Probe.driverProperties(applicationName)
                .forEach((key, value) -> config.addDataSourceProperty(key.toString(), value));
        return new HikariDataSource(config);
    }
}
