package dev.crossfade.cli.invocation;

import dev.crossfade.settings.SettingKey;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
@Command(
        name = "crossfade",
        description = {
            "Moves a live service's tables from a legacy PostgreSQL schema to a modern one with zero downtime.",
            "",
            "Settings: a flag overrules the environment (DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD, …), which "
                    + "overrules crossfade.properties. See docs/configuration.md."
        },
        footer = {
            "  crossfade status",
            "  crossfade stage user --to dual-write",
            "  crossfade backfill user && crossfade verify user",
            "  DB_HOST=db1 DB_NAME=shop DB_USER=ops crossfade queue list --output json"
        },
        subcommandsRepeatable = false)
public final class GlobalOptions {

    private final Map<SettingKey, String> flags = new EnumMap<>(SettingKey.class);
    private final Set<SettingKey> asked = EnumSet.noneOf(SettingKey.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Properties file to read instead of ./crossfade.properties.")
    private @Nullable Path config;

    @Option(
            names = "--output",
            paramLabel = "text|json",
            scope = ScopeType.INHERIT,
            description = "Form of the report on standard output: text (default) or json, one object.")
    private Output output = Output.TEXT;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print stack traces and DEBUG logs on standard error.")
    private boolean debug;

    /** Adds a flag for each setting that has one. */
    public void addSettings(CommandSpec root) {
        for (SettingKey key : SettingKey.values()) {
            if (key != SettingKey.ENABLE_MODERN_WRITE && !key.isOfWorker()) {
                root.addOption(option(key, ScopeType.INHERIT));
            }
        }
    }

    /** Adds a flag for each setting that only a worker reads. */
    public void addWorkerSettings(CommandSpec worker) {
        for (SettingKey key : SettingKey.values()) {
            if (key.isOfWorker()) {
                worker.addOption(option(key, ScopeType.LOCAL));
            }
        }
    }

    public Map<SettingKey, String> flags() {
        return flags;
    }

    /** Returns the passwords to ask for. */
    public Set<SettingKey> asked() {
        return asked;
    }

    public Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    public Output output() {
        return output;
    }

    public boolean debug() {
        return debug;
    }

    /**
     * Returns a setting's flag. A password's flag takes no value, which others could read in the process list; the
     * command asks for it.
     */
    private OptionSpec option(SettingKey key, ScopeType scope) {
        OptionSpec.Builder option =
                OptionSpec.builder(key.flag()).scopeType(scope).description(describe(key));
        return key.isSecret()
                ? option.type(boolean.class)
                        .arity("0")
                        .setter(calling(value -> {
                            if (value.equals(true)) {
                                asked.add(key);
                            }
                        }))
                        .build()
                : option.type(String.class)
                        .arity("1")
                        .paramLabel(key.form().label())
                        .setter(calling(value -> flags.put(key, value.toString())))
                        .build();
    }

    /** Passes on a given value; does nothing if none was given. */
    private static ISetter calling(Consumer<Object> taker) {
        return new ISetter() {
            @Override
            public <T> @Nullable T set(@Nullable T value) {
                if (value != null) {
                    taker.accept(value);
                }
                return null;
            }
        };
    }

    /** Returns the description, with the default before its full stop. */
    private static String describe(SettingKey key) {
        return key.otherwise().isEmpty()
                ? key.description()
                : "%s (%s).".formatted(key.description().replaceFirst("[.]$", ""), key.otherwise());
    }
}
