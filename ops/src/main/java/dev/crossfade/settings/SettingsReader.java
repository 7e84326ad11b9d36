package dev.crossfade.settings;

import dev.crossfade.gate.GateSettings;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.settings.Setting.Layer;
import dev.crossfade.worker.WorkerSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the settings. A flag overrules the environment, which overrules the properties file. A blank value sets
 * nothing. A database's address is taken as a whole: a URL overrules the host, port and name of weaker layers, and the
 * other way round.
 *
 * <p>A service reads its own settings with {@code new SettingsReader(System.getenv(), Path.of("")).read()}.
 */
public final class SettingsReader {

    /** The file that is read from the working directory if no other is given. */
    public static final String DEFAULT_FILE = "crossfade.properties";

    private static final String DEFAULT_MAPPING = "crossfade.yaml";
    private static final String DEFAULT_MIGRATIONS = "migrations";

    private final Map<String, String> environment;
    private final Path workingDirectory;

    /**
     * Creates a reader.
     *
     * @param environment the environment's variables
     * @param workingDirectory where relative paths of flags and variables start, and where the default file is
     */
    public SettingsReader(Map<String, String> environment, Path workingDirectory) {
        this.environment = Map.copyOf(environment);
        this.workingDirectory = workingDirectory;
    }

    /**
     * Reads the environment, and {@value #DEFAULT_FILE} if it exists.
     *
     * @throws InvalidInputException if a setting is not valid; the message lists all errors, with file and line
     */
    public Settings read() {
        return read(Map.of(), Optional.empty());
    }

    /**
     * Reads flags, environment and a properties file.
     *
     * @param flags what was set by flags
     * @param file the properties file, which must exist; if none is given, {@value #DEFAULT_FILE} if that exists
     * @throws InvalidInputException if a setting is not valid; the message lists all errors, with file and line
     */
    public Settings read(Map<SettingKey, String> flags, Optional<Path> file) {
        Findings findings = new Findings();
        Map<SettingKey, Setting> fromFile = fromFile(file, findings);
        Map<SettingKey, Setting> given = new EnumMap<>(SettingKey.class);
        List<Map<SettingKey, Setting>> layers = List.of(fromFlags(flags), fromEnvironment(), fromFile);
        layers.reversed().forEach(given::putAll);
        Values values = new Values(given, this::resolve, findings);
        DatabaseReader databases = new DatabaseReader(layers, values, findings);
        Optional<DatabaseSettings> legacy = databases.legacy();
        Optional<DatabaseSettings> modern = databases.modern(legacy);
        Path mapping = values.path(SettingKey.MAPPING).orElse(workingDirectory.resolve(DEFAULT_MAPPING));
        Path migrations = values.path(SettingKey.MIGRATIONS).orElse(workingDirectory.resolve(DEFAULT_MIGRATIONS));
        boolean modernWrite = values.flag(SettingKey.ENABLE_MODERN_WRITE, true);
        LimitReader limits = new LimitReader(values, findings);
        GateSettings gates = new GateReader(limits).read();
        WorkerSettings worker = new WorkerReader(limits).read();
        SchemaSettings migrating = migrating(limits);
        findings.throwIfAny();
        return new Settings(legacy.orElseThrow(), modern, mapping, migrations, migrating, modernWrite, gates, worker);
    }

    private static SchemaSettings migrating(LimitReader limits) {
        SchemaSettings defaults = SchemaSettings.DEFAULTS;
        return limits.checked(
                "migrate",
                defaults,
                () -> defaults.withLockTimeout(limits.duration(SettingKey.MIGRATE_LOCK_TIMEOUT, defaults.lockTimeout()))
                        .withLockAttempts(
                                limits.number(SettingKey.MIGRATE_LOCK_ATTEMPTS, defaults.lockAttempts()),
                                defaults.lockPause()));
    }

    private Map<SettingKey, Setting> fromFile(Optional<Path> named, Findings findings) {
        Path file = named.map(workingDirectory::resolve).orElse(workingDirectory.resolve(DEFAULT_FILE));
        if (Files.isRegularFile(file)) {
            return PropertiesFile.read(file, named.orElse(Path.of(DEFAULT_FILE)).toString(), findings);
        }
        if (named.isPresent()) {
            findings.add("--config", "there is no file '" + named.get() + "'.");
        }
        return Map.of();
    }

    private Map<SettingKey, Setting> fromEnvironment() {
        Map<SettingKey, Setting> settings = new EnumMap<>(SettingKey.class);
        for (SettingKey key : SettingKey.values()) {
            String value = environment.get(key.variable());
            if (value != null && !value.isBlank()) {
                settings.put(key, Setting.of(key, value, Layer.ENVIRONMENT, key.variable()));
            }
        }
        return settings;
    }

    private static Map<SettingKey, Setting> fromFlags(Map<SettingKey, String> flags) {
        Map<SettingKey, Setting> settings = new EnumMap<>(SettingKey.class);
        flags.forEach((key, value) -> {
            if (!value.isBlank()) {
                settings.put(key, Setting.of(key, value, Layer.FLAG, key.flag()));
            }
        });
        return settings;
    }

    /** Resolves a path. Those in a file start at the file's directory, others at the working directory. */
    private Path resolve(Setting setting) {
        if (setting.layer() != Layer.FILE) {
            return workingDirectory.resolve(setting.value());
        }
        Path file = workingDirectory.resolve(
                setting.where().substring(0, setting.where().lastIndexOf(':')));
        return file.resolveSibling(setting.value());
    }

    /** The strongest setting of each key, and how to read it as its form. */
    record Values(Map<SettingKey, Setting> given, PathResolver resolver, Findings findings) {

        /** Turns a setting into a path. */
        @FunctionalInterface
        interface PathResolver {
            Path resolve(Setting setting);
        }

        Optional<Setting> of(SettingKey key) {
            return Optional.ofNullable(given.get(key));
        }

        Optional<Path> path(SettingKey key) {
            return of(key).flatMap(setting -> {
                try {
                    return Optional.of(resolver.resolve(setting));
                } catch (InvalidPathException e) {
                    findings.add(setting.where(), "'%s' is no path.".formatted(setting.value()));
                    return Optional.empty();
                }
            });
        }

        boolean flag(SettingKey key, boolean otherwise) {
            return of(key).map(setting -> switch (setting.value().toLowerCase(Locale.ROOT)) {
                        case "true", "on", "yes", "1" -> true;
                        case "false", "off", "no", "0" -> false;
                        default -> {
                            findings.add(
                                    setting.where(),
                                    "%s is '%s'; write true or false.".formatted(key.property(), setting.value()));
                            yield otherwise;
                        }
                    })
                    .orElse(otherwise);
        }
    }
}
