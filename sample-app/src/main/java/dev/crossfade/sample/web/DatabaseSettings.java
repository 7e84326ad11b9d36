package dev.crossfade.sample.web;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.sql.ConnectionUrl;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/**
 * The service's database.
 *
 * @param url its JDBC URL
 * @param user the user to log in as
 * @param password the password, empty if there is none
 */
record DatabaseSettings(String url, String user, String password) {

    private static final String HOST = "DB_HOST";
    private static final String PORT = "DB_PORT";
    private static final String NAME = "DB_NAME";
    private static final String USER = "DB_USER";
    private static final String PASSWORD = "DB_PASSWORD";

    /**
     * Reads the settings; empty if there are none at all, which means the embedded server.
     *
     * @throws InvalidInputException if only some of them are set, or one is not valid
     */
    static Optional<DatabaseSettings> read(Environment environment) {
        List<String> set = Stream.of(HOST, PORT, NAME, USER, PASSWORD)
                .filter(environment::containsProperty)
                .toList();
        if (set.isEmpty()) {
            return Optional.empty();
        }
        List<String> missing =
                Stream.of(HOST, NAME, USER).filter(name -> !set.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new InvalidInputException("%s is set, but not %s. Set them too, or none for the embedded server."
                    .formatted(String.join(", ", set), String.join(", ", missing)));
        }
        String port = environment.getProperty(PORT, "5432");
        if (!port.matches("[0-9]{1,5}")) {
            throw new InvalidInputException("%s is '%s', which is no port.".formatted(PORT, port));
        }
        String url =
                "jdbc:postgresql://%s:%s/%s".formatted(required(environment, HOST), port, required(environment, NAME));
        return Optional.of(
                new DatabaseSettings(url, required(environment, USER), environment.getProperty(PASSWORD, "")));
    }

    private static String required(Environment environment, String name) {
        return Objects.requireNonNull(environment.getProperty(name));
    }

    /** Leaves out the password. */
    @Override
    public String toString() {
        return "%s as %s".formatted(ConnectionUrl.withoutSecrets(url), user);
    }
}
