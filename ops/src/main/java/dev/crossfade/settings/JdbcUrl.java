package dev.crossfade.settings;

import dev.crossfade.sql.ConnectionUrl;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A JDBC URL as the driver understands it.
 *
 * @param text the URL without user and password
 * @param location {@code host:port/name}
 */
record JdbcUrl(String text, String location, Optional<String> user, Optional<String> password) {

    static final String SCHEME = "jdbc:postgresql:";

    /** Returns the URL's parts, empty if it is not a PostgreSQL URL. */
    static Optional<JdbcUrl> parse(String url) {
        if (!url.startsWith(SCHEME)) {
            return Optional.empty();
        }
        try {
            Map<String, String> parts = new HashMap<>();
            for (DriverPropertyInfo part : DriverManager.getDriver(url).getPropertyInfo(url, new Properties())) {
                if (part.value != null) {
                    parts.put(part.name, part.value);
                }
            }
            if (parts.getOrDefault("PGHOST", "").contains("@")) {
                // It has a login before the host, which the driver takes for a part of the host's name.
                return Optional.empty();
            }
            return Optional.of(new JdbcUrl(
                    withoutLogin(url),
                    "%s:%s/%s"
                            .formatted(
                                    parts.getOrDefault("PGHOST", "localhost"),
                                    parts.getOrDefault("PGPORT", "5432"),
                                    parts.getOrDefault("PGDBNAME", "")),
                    parameter(url, "user").map(given -> parts.getOrDefault("user", given)),
                    parameter(url, "password").map(given -> parts.getOrDefault("password", given))));
        } catch (SQLException e) {
            // The driver does not understand it.
            return Optional.empty();
        }
    }

    /** Tells whether it contains a password, the login's or a key's. */
    boolean hasSecret() {
        return password.isPresent() || parameter(text, "sslpassword").isPresent();
    }

    /** Takes out the login's parameters, so that no message can show them. */
    private static String withoutLogin(String url) {
        int query = url.indexOf('?');
        if (query < 0) {
            return url;
        }
        String parameters = Arrays.stream(url.substring(query + 1).split("&"))
                .filter(parameter -> !parameter.startsWith("user=") && !parameter.startsWith("password="))
                .collect(Collectors.joining("&"));
        return parameters.isEmpty() ? url.substring(0, query) : url.substring(0, query) + "?" + parameters;
    }

    private static Optional<String> parameter(String url, String name) {
        int query = url.indexOf('?');
        return query < 0
                ? Optional.empty()
                : Arrays.stream(url.substring(query + 1).split("&"))
                        .filter(parameter -> parameter.startsWith(name + "="))
                        .map(parameter -> parameter.substring(name.length() + 1))
                        .findFirst();
    }

    /** Leaves out the login and whatever else may be secret. */
    @Override
    public String toString() {
        return ConnectionUrl.withoutSecrets(text);
    }
}
