package dev.crossfade.settings;

import dev.crossfade.settings.Setting.Layer;
import dev.crossfade.settings.SettingsReader.Values;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the settings of each database from the given values. */
final class DatabaseReader {

    private static final String DEFAULT_PORT = "5432";

    private final List<Map<SettingKey, Setting>> layers;
    private final Values values;
    private final Findings findings;

    DatabaseReader(List<Map<SettingKey, Setting>> layers, Values values, Findings findings) {
        this.layers = layers;
        this.values = values;
        this.findings = findings;
    }

    /** The keys of one database. */
    private record Keys(
            SettingKey url,
            SettingKey host,
            SettingKey port,
            SettingKey name,
            SettingKey user,
            SettingKey password,
            SettingKey passwordFile) {

        static final Keys LEGACY = new Keys(
                SettingKey.DB_URL,
                SettingKey.DB_HOST,
                SettingKey.DB_PORT,
                SettingKey.DB_NAME,
                SettingKey.DB_USER,
                SettingKey.DB_PASSWORD,
                SettingKey.DB_PASSWORD_FILE);
        static final Keys MODERN = new Keys(
                SettingKey.MODERN_DB_URL,
                SettingKey.MODERN_DB_HOST,
                SettingKey.MODERN_DB_PORT,
                SettingKey.MODERN_DB_NAME,
                SettingKey.MODERN_DB_USER,
                SettingKey.MODERN_DB_PASSWORD,
                SettingKey.MODERN_DB_PASSWORD_FILE);

        List<SettingKey> parts() {
            return List.of(host, port, name);
        }

        Stream<SettingKey> all() {
            return Stream.of(url, host, port, name, user, password, passwordFile);
        }
    }

    /** A user and a password. */
    private record Login(String user, Optional<String> password) {}

    Optional<DatabaseSettings> legacy() {
        refuseContradictions(Keys.LEGACY);
        if (Keys.LEGACY.all().allMatch(key -> values.of(key).isEmpty())) {
            findings.add(
                    "db.url, db.name",
                    "nothing says which database to work on. Set db.host, db.port, db.name and db.user, or db.url, in "
                            + SettingsReader.DEFAULT_FILE
                            + ", or DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD in the environment.");
            return Optional.empty();
        }
        Optional<JdbcUrl> url = url(Keys.LEGACY, Optional.of("localhost"));
        Optional<Login> login = login(Keys.LEGACY, url, Optional.empty());
        return combine(url, login);
    }

    /** Returns the settings of the second database, empty where there is none. */
    Optional<DatabaseSettings> modern(Optional<DatabaseSettings> legacy) {
        refuseContradictions(Keys.MODERN);
        Keys keys = Keys.MODERN;
        if (keys.all().allMatch(key -> values.of(key).isEmpty())) {
            return Optional.empty();
        }
        if (Stream.concat(Stream.of(keys.url()), keys.parts().stream())
                .allMatch(key -> values.of(key).isEmpty())) {
            keys.all()
                    .flatMap(key -> values.of(key).stream())
                    .forEach(setting -> findings.add(
                            setting.where(),
                            "%s is set, but nothing says where the modern database is. Set modern.db.url or modern.db.name, or remove it."
                                    .formatted(setting.key().property())));
            return Optional.empty();
        }
        Optional<JdbcUrl> url = url(keys, values.of(SettingKey.DB_HOST).map(Setting::value));
        Optional<Login> login =
                login(keys, url, legacy.map(database -> new Login(database.user(), database.password())));
        Optional<DatabaseSettings> modern = combine(url, login);
        if (modern.isPresent()
                && legacy.isPresent()
                && modern.get().location().equals(legacy.get().location())) {
            findings.add(
                    "modern.db",
                    "the settings name the same database as db, %s. Leave them out when both schemas are in one database."
                            .formatted(legacy.get().location()));
        }
        return modern;
    }

    private static Optional<DatabaseSettings> combine(Optional<JdbcUrl> url, Optional<Login> login) {
        return url.isEmpty() || login.isEmpty()
                ? Optional.empty()
                : Optional.of(new DatabaseSettings(
                        url.get().text(), login.get().user(), login.get().password()));
    }

    private void refuseContradictions(Keys keys) {
        for (Map<SettingKey, Setting> layer : layers) {
            keys.parts().forEach(part -> refuseBoth(layer.get(keys.url()), layer.get(part)));
            refuseBoth(layer.get(keys.password()), layer.get(keys.passwordFile()));
        }
    }

    private void refuseBoth(@Nullable Setting one, @Nullable Setting other) {
        if (one != null && other != null) {
            findings.add(
                    other.where(),
                    "%s contradicts %s, which is set at %s. Keep one of them."
                            .formatted(other.key().property(), one.key().property(), one.where()));
        }
    }

    /** Returns the given URL, or one built from host, port and name, whichever the stronger layer gave. */
    private Optional<JdbcUrl> url(Keys keys, Optional<String> defaultHost) {
        Optional<Setting> given = values.of(keys.url());
        Optional<Setting> overruling = given.flatMap(url -> keys.parts().stream()
                .flatMap(key -> values.of(key).stream())
                .filter(part -> part.overrules(url))
                .findFirst());
        return given.isPresent() && overruling.isEmpty() ? parse(given.get(), keys) : compose(keys, defaultHost);
    }

    private Optional<JdbcUrl> compose(Keys keys, Optional<String> defaultHost) {
        Optional<String> host = values.of(keys.host()).map(Setting::value).or(() -> defaultHost);
        Optional<Setting> port = values.of(keys.port());
        Optional<Setting> name = values.of(keys.name());
        boolean complete = true;
        if (host.isEmpty()) {
            findings.add(keys.host().property(), "it is not set, and the legacy database was not named by db.host.");
            complete = false;
        } else if (host.get().chars().anyMatch(c -> Character.isWhitespace(c) || c == '/' || c == '?')) {
            values.of(keys.host())
                    .ifPresent(setting -> findings.add(setting.where(), "'%s' is no host.".formatted(setting.value())));
            complete = false;
        }
        if (name.isEmpty()) {
            findings.add(
                    keys.name().property(),
                    "it is not set%s. Name the database."
                            .formatted(values.of(keys.url())
                                    .map(url -> ", and %s (%s) is overruled"
                                            .formatted(url.key().property(), url.where()))
                                    .orElse("")));
            complete = false;
        }
        if (port.isPresent() && !isPort(port.get().value())) {
            findings.add(
                    port.get().where(),
                    "'%s' is no port; write a number from 1 to 65535."
                            .formatted(port.get().value()));
            complete = false;
        }
        if (!complete) {
            return Optional.empty();
        }
        String address = host.orElseThrow();
        return JdbcUrl.parse("%s//%s:%s/%s"
                .formatted(
                        JdbcUrl.SCHEME,
                        address.contains(":") && !address.startsWith("[") ? "[" + address + "]" : address,
                        port.map(Setting::value).orElse(DEFAULT_PORT),
                        URLEncoder.encode(name.orElseThrow().value(), StandardCharsets.UTF_8)));
    }

    private Optional<JdbcUrl> parse(Setting given, Keys keys) {
        Optional<JdbcUrl> url = JdbcUrl.parse(given.value());
        if (url.isEmpty()) {
            findings.add(
                    given.where(),
                    "%s is no JDBC URL of PostgreSQL. Write jdbc:postgresql://host:5432/name; user and password are settings of their own."
                            .formatted(given.key().property()));
            return Optional.empty();
        }
        if (url.get().hasSecret() && given.layer() == Layer.FLAG) {
            findings.add(
                    given.where(),
                    "a password on the command line can be read by everyone on this machine. Use %s, %s or %s."
                            .formatted(
                                    keys.password().variable(),
                                    keys.passwordFile().flag(),
                                    keys.password().flag()));
        }
        url.get().user().ifPresent(name -> refuseSecond(given, keys.user()));
        url.get().password().ifPresent(secret -> refuseSecond(given, keys.password()));
        return url;
    }

    private void refuseSecond(Setting url, SettingKey key) {
        values.of(key).filter(setting -> setting.layer() == url.layer()).ifPresent(setting -> refuseBoth(url, setting));
    }

    private Optional<Login> login(Keys keys, Optional<JdbcUrl> url, Optional<Login> otherwise) {
        Optional<String> user = values.of(keys.user()).map(Setting::value).or(() -> url.flatMap(JdbcUrl::user));
        Optional<String> password = password(keys).or(() -> url.flatMap(JdbcUrl::password));
        if (user.isPresent()) {
            return Optional.of(new Login(user.get(), password));
        }
        if (otherwise.isPresent()) {
            Login other = otherwise.get();
            return Optional.of(new Login(other.user(), password.or(other::password)));
        }
        if (keys.equals(Keys.LEGACY)) {
            findings.add(keys.user().property(), "it is not set. Name the user to log in as.");
        }
        return Optional.empty();
    }

    private Optional<String> password(Keys keys) {
        Optional<Setting> password = values.of(keys.password());
        Optional<Setting> file = values.of(keys.passwordFile());
        if (file.isEmpty() || (password.isPresent() && password.get().overrules(file.get()))) {
            return password.map(Setting::value);
        }
        return values.path(keys.passwordFile()).flatMap(path -> firstLine(path, file.get()));
    }

    private Optional<String> firstLine(Path path, Setting setting) {
        try (Stream<String> lines = Files.lines(path)) {
            Optional<String> line = lines.findFirst().filter(text -> !text.isEmpty());
            if (line.isEmpty()) {
                findings.add(setting.where(), "the password file %s is empty.".formatted(path));
            }
            return line;
        } catch (IOException | java.io.UncheckedIOException e) {
            findings.add(setting.where(), "the password file %s cannot be read.".formatted(path));
            return Optional.empty();
        }
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535;
    }
}
