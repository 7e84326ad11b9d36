package dev.crossfade.testing;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;

/** Pools that treat failures of their connections differently. */
public enum PoolMake {
    /** Closes a connection under its user at some SQLSTATEs. */
    HIKARI {
        @Override
        public Pool open(TestDatabase database, int size) {
            DataSource pool = database.newDataSource(settings -> settings.setMaximumPoolSize(size));
            return new Pool(pool, () -> {});
        }
    },
    /** As {@link #HIKARI}, behind a wrapper that does not show the driver's connection. */
    HIDDEN_HIKARI {
        @Override
        public Pool open(TestDatabase database, int size) {
            Pool pool = HIKARI.open(database, size);
            return new Pool(new InterceptedDataSource(pool.dataSource()), pool.closing());
        }
    },
    /** Notes failures at similar SQLSTATEs, and drops the connection when it is returned. */
    DBCP {
        @Override
        @SuppressWarnings("resource") // the pool that is returned closes it
        public Pool open(TestDatabase database, int size) {
            BasicDataSource pool = new BasicDataSource();
            pool.setUrl(database.url());
            pool.setUsername(database.user());
            pool.setPassword(database.password());
            pool.setMaxTotal(size);
            pool.setFastFailValidation(true);
            return new Pool(pool, () -> {
                try {
                    pool.close();
                } catch (SQLException e) {
                    throw new IllegalStateException("The test's pool does not close.", e);
                }
            });
        }
    };

    /** Opens a pool of this make. */
    public abstract Pool open(TestDatabase database, int size);

    /**
     * An open pool.
     *
     * @param closing closes it
     */
    public record Pool(DataSource dataSource, Runnable closing) implements AutoCloseable {

        @Override
        public void close() {
            closing.run();
        }
    }
}
