package dev.crossfade.connection;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.settings.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Checks whether a database can be used, and says what is wrong if it cannot. */
public final class ConnectionCheck {

    private static final int PATIENCE_SECONDS = 5;

    private final Side side;
    private final DatabaseSettings database;

    private boolean pooled;

    /** Creates the check of one side's database. */
    public ConnectionCheck(Side side, DatabaseSettings database) {
        this.side = side;
        this.database = database;
    }

    /**
     * Connects once.
     *
     * @param applicationName what the server shows for the session
     * @return the server's version as it names it
     * @throws UnavailableException if the database cannot be reached, refuses the login, or is too old
     */
    public String run(String applicationName) {
        Properties properties = driverProperties(applicationName);
        properties.setProperty("user", database.user());
        database.password().ifPresent(password -> properties.setProperty("password", password));
        try (Connection connection = DriverManager.getConnection(database.url(), properties)) {
            requireSupported(connection.getMetaData().getDatabaseMajorVersion());
            pooled = PoolerCheck.isPooled(connection, () -> DriverManager.getConnection(database.url(), properties));
            return connection.getMetaData().getDatabaseProductVersion();
        } catch (SQLException e) {
            throw new ConnectionFailure(side, database).explain(e);
        }
    }

    /** Tells whether {@link #run} found a pooler that may run each transaction in another session. */
    public boolean isPooled() {
        return pooled;
    }

    void requireSupported(int majorVersion) {
        if (majorVersion < ControlSchema.OLDEST_SERVER) {
            throw new UnavailableException(
                    "The %s database at %s is PostgreSQL %s; Crossfade needs %s or newer. Upgrade the server, or name another one."
                            .formatted(side.label(), database.location(), majorVersion, ControlSchema.OLDEST_SERVER),
                    null);
        }
    }

    static Properties driverProperties(String applicationName) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", Integer.toString(PATIENCE_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString(PATIENCE_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }
}
