package dev.crossfade.control;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Connections to a service's databases that are not those of its pool, for work that the service's own threads wait
 * for: with all of the pool in their hands it would never be done. They are of a small pool with the settings of the
 * service's, where that is HikariCP's; of any other make they come from the service's pool itself. Close it when the
 * work is done.
 */
public final class OwnConnections implements AutoCloseable {

    /** Enough for one change of stages: a transaction that holds the locks, and one that works off what is left. */
    private static final int SIZE = 4;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final List<HikariDataSource> pools = new ArrayList<>();
    private final Databases databases;

    /** Connects when a connection is asked for. */
    public OwnConnections(Databases service) {
        DataSource legacy = ownTo(service.legacy());
        this.databases =
                service.areShared() ? Databases.shared(legacy) : new Databases(legacy, ownTo(service.modern()));
    }

    /** Returns the databases, in the topology of the service's. */
    public Databases databases() {
        return databases;
    }

    private DataSource ownTo(DataSource service) {
        try {
            if (!service.isWrapperFor(HikariDataSource.class)) {
                return service;
            }
            HikariConfig config = new HikariConfig();
            service.unwrap(HikariDataSource.class).copyStateTo(config);
            config.setPoolName(config.getPoolName() + "-crossfade");
            config.setMaximumPoolSize(SIZE);
            config.setMinimumIdle(0);
            config.setInitializationFailTimeout(-1);
            config.setConnectionTimeout(Math.min(config.getConnectionTimeout(), LONGEST_WAIT.toMillis()));
            config.setRegisterMbeans(false);
            config.setMetricsTrackerFactory(null);
            config.setMetricRegistry(null);
            config.setHealthCheckRegistry(null);
            HikariDataSource own = new HikariDataSource(config);
            pools.add(own);
            return own;
        } catch (SQLException e) {
            // It is no pool that is known here, and does not say so in the way that it should.
            return service;
        }
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }
}
