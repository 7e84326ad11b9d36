package dev.crossfade.connection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.settings.DatabaseSettings;
import dev.crossfade.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One small pool of connections for each database that the settings name. Connects at the first use. Thread-safe; close
 * it at the end.
 */
public final class ConnectionPools implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HikariDataSource legacy;
    private final Optional<HikariDataSource> modern;

    /**
     * Makes a session writable, read committed and free of short timeouts, whatever the role's or the database's
     * defaults. It sets nothing where the defaults are the usual ones: behind a pooler others use the session too.
     */
    private static final String WRITING = """
            select case when current_setting('default_transaction_read_only') <> 'off'
                        then set_config('default_transaction_read_only', 'off', false) end,
                   case when current_setting('default_transaction_isolation') <> 'read committed'
                        then set_config('default_transaction_isolation', 'read committed', false) end,
                   case when current_setting('default_transaction_deferrable') <> 'off'
                        then set_config('default_transaction_deferrable', 'off', false) end,
                   (select count(set_config(name, '60s', false)) from pg_catalog.pg_settings
                    where name in ('idle_in_transaction_session_timeout', 'statement_timeout')
                      and cast(setting as bigint) between 1 and 59999)
            """;

    /**
     * Creates pools, without connecting yet.
     *
     * @param applicationName what the server shows for these sessions
     * @param size connections to each database, at most
     */
    public ConnectionPools(Settings settings, String applicationName, int size) {
        this(settings, applicationName, size, Set.of());
    }

    /**
     * Creates pools, without connecting yet.
     *
     * @param pooled the sides behind a pooler in transaction mode, where a prepared statement is soon lost
     */
    public ConnectionPools(Settings settings, String applicationName, int size, Set<Side> pooled) {
        this.legacy = new HikariDataSource(
                pool(Side.LEGACY, settings.legacy(), applicationName, size, pooled.contains(Side.LEGACY)));
        this.modern = settings.modern()
                .map(database -> new HikariDataSource(
                        pool(Side.MODERN, database, applicationName, size, pooled.contains(Side.MODERN))));
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

    private static HikariConfig pool(
            Side side, DatabaseSettings database, String applicationName, int size, boolean pooled) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("crossfade-" + side.label());
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        database.password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setConnectionInitSql(WRITING);
        // The check has connected before; its messages are better than the pool's.
        config.setInitializationFailTimeout(-1);
        ConnectionCheck.driverProperties(applicationName)
                .forEach((key, value) -> config.addDataSourceProperty(key.toString(), value));
        if (pooled) {
            config.addDataSourceProperty("prepareThreshold", "0");
        }
        return config;
    }
}
