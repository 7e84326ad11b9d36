package dev.crossfade.control;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Connections to a service's databases from outside its pool, for work that the service's own threads wait for: if
 * those threads hold the whole pool, the work would never finish. If the service's pool is HikariCP, the connections
 * come from a small pool with the same settings; otherwise they come from the service's pool itself. Close this when
 * the work is done.
 */
public final class OwnConnections implements AutoCloseable {

    /** Enough for one change of stages: one transaction holds the locks, another drains the backlog. */
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
            // A wrapper of an unknown pool that does not answer unwrap as JDBC demands.
            return service;
        }
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }
}
