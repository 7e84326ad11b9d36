package dev.crossfade.settings;

import dev.crossfade.model.InvalidInputException;
import java.util.Optional;

/**
 * How to reach one database.
 *
 * @param url a JDBC URL of PostgreSQL, without user and password
 * @param user the user to log in as
 * @param password the password, empty to let the driver look into {@code ~/.pgpass}
 */
public record DatabaseSettings(String url, String user, Optional<String> password) {

    /** Refuses a URL that the driver does not understand. */
    public DatabaseSettings {
        if (JdbcUrl.parse(url).isEmpty()) {
            throw new InvalidInputException("The URL of a database is not a JDBC URL of PostgreSQL.");
        }
    }

    /** Returns {@code host:port/name}, for messages. */
    public String location() {
        return JdbcUrl.parse(url).map(JdbcUrl::location).orElse(url);
    }

    /** Returns location and user; the password is left out, and so are the URL's parameters. */
    @Override
    public String toString() {
        return location() + " as " + user;
    }
}
