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

    /** Adds a flag for each setting that may be a flag. */
    public void addSettings(CommandSpec root) {
        for (SettingKey key : SettingKey.values()) {
            if (key != SettingKey.ENABLE_MODERN_WRITE && !key.isOfWorker()) {
                root.addOption(option(key, ScopeType.INHERIT));
            }
        }
    }

    /** Adds a flag for each setting that only a worker asks for. */
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

    /** Returns the passwords that are to be asked for. */
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

    /** A password is asked for: as a value it could be read in the list of processes. */
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
                        .paramLabel(label(key))
                        .setter(calling(value -> flags.put(key, value.toString())))
                        .build();
    }

    /** Passes on what was given; nothing given is nothing to pass on. */
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

    private static String label(SettingKey key) {
        return switch (key) {
            case DB_URL, MODERN_DB_URL -> "URL";
            case DB_HOST, MODERN_DB_HOST -> "HOST";
            case DB_PORT, MODERN_DB_PORT -> "PORT";
            case MAPPING, DB_PASSWORD_FILE, MODERN_DB_PASSWORD_FILE -> "FILE";
            case MIGRATIONS -> "DIRECTORY";
            case MIGRATE_LOCK_TIMEOUT,
                    GATE_OLDEST_INTENT,
                    GATE_VERIFICATION_AGE,
                    GATE_SHADOW_WINDOW,
                    GATE_REPLICAS_PATIENCE,
                    GATE_STABLE_FOR,
                    GATE_TOGETHER_WITHIN,
                    WORKER_INTERVAL,
                    WORKER_GRACE,
                    WORKER_RETRY_FIRST_PAUSE,
                    WORKER_RETRY_LONGEST_PAUSE,
                    WORKER_RETRY_PARENT_PATIENCE,
                    WORKER_HEARTBEAT,
                    WORKER_STOP_WITHIN,
                    WORKER_SWEEP_INTERVAL,
                    WORKER_KEEP_AGE -> "DURATION";
            case MIGRATE_LOCK_ATTEMPTS,
                    GATE_INTENTS,
                    GATE_MISSED_WRITES,
                    GATE_SHADOW_COMPARISONS,
                    GATE_RESTORE_ROWS,
                    WORKER_LANES,
                    WORKER_RETRY_ATTEMPTS,
                    WORKER_THREADS,
                    WORKER_SWEEP_ROWS_PER_SECOND,
                    WORKER_KEEP_COUNT -> "NUMBER";
            case WORKER_HTTP -> "[HOST:]PORT";
            case GATE_SHADOW_MISMATCH_PERCENT -> "PERCENT";
            case GATE_REPLICAS_LEGACY, GATE_REPLICAS_MODERN -> "NAME,...";
            default -> "NAME";
        };
    }

    private static String describe(SettingKey key) {
        return switch (key) {
            case DB_URL -> "JDBC URL of the legacy database, which also holds the control schema.";
            case DB_HOST -> "Its host, where no URL is given (localhost).";
            case DB_PORT -> "Its port (5432).";
            case DB_NAME -> "Its name.";
            case DB_USER -> "The user to log in as.";
            case DB_PASSWORD -> "Ask for the password. Otherwise: DB_PASSWORD, db.password, a file, or ~/.pgpass.";
            case DB_PASSWORD_FILE -> "File whose first line is the password.";
            case MODERN_DB_URL -> "JDBC URL of the modern database, where it is another one.";
            case MODERN_DB_HOST -> "Its host (that of the legacy database).";
            case MODERN_DB_PORT -> "Its port (5432).";
            case MODERN_DB_NAME -> "Its name.";
            case MODERN_DB_USER -> "The user to log in as there (the legacy database's).";
            case MODERN_DB_PASSWORD -> "Ask for that user's password.";
            case MODERN_DB_PASSWORD_FILE -> "File whose first line is that password.";
            case MAPPING -> "The mapping file (crossfade.yaml).";
            case MIGRATIONS -> "The directory of the migrations (migrations).";
            case ENABLE_MODERN_WRITE -> "Whether a service writes the modern mirror itself.";
            case MIGRATE_LOCK_TIMEOUT ->
                "Migrations: how long a statement waits for a table lock, and others queue behind it (500ms).";
            case MIGRATE_LOCK_ATTEMPTS -> "How often they try to get their locks (12).";
            case GATE_INTENTS -> "Gates: how many intents may wait when reads move or mirroring ends (10000).";
            case GATE_MISSED_WRITES -> "How many missed writes, parked ones too, there may be then (0).";
            case GATE_OLDEST_INTENT -> "How old the oldest intent may be then (1m).";
            case GATE_VERIFICATION_AGE -> "How long ago the verification may have ended (24h).";
            case GATE_SHADOW_COMPARISONS -> "How many shadow reads must have been compared (100).";
            case GATE_SHADOW_MISMATCH_PERCENT -> "How many of a hundred of them may have differed (0.1).";
            case GATE_SHADOW_WINDOW -> "How far back they count (24h).";
            case GATE_REPLICAS_LEGACY -> "Names of the legacy server's replicas that must be connected.";
            case GATE_REPLICAS_MODERN -> "Names of the modern server's replicas that must be connected.";
            case GATE_REPLICAS_PATIENCE -> "How long a replica may take to catch up (1s).";
            case GATE_RESTORE_ROWS -> "How many rows at either end of the table the way back is proven on (1000).";
            case GATE_STABLE_FOR -> "How long an entity must have stood at its stage (0s).";
            case GATE_TOGETHER_WITHIN ->
                "How long entities that were seen in one transaction have to move together (168h).";
            case WORKER_INTERVAL -> "Rest when nothing is left to do, for example 500ms, 2s or 1m (1s).";
            case WORKER_GRACE -> "Leave intents younger than this to the instance that wrote them (2s).";
            case WORKER_LANES -> "How many batches of an entity to work off at the same time (2).";
            case WORKER_RETRY_ATTEMPTS -> "After how many failed attempts a key is parked (10).";
            case WORKER_RETRY_FIRST_PAUSE -> "The pause after the first of them, which doubles with each (1s).";
            case WORKER_RETRY_LONGEST_PAUSE -> "Where these pauses stop growing (15m).";
            case WORKER_RETRY_PARENT_PATIENCE -> "How long a key waits for a row that it refers to (30s).";
            case WORKER_THREADS -> "How many jobs to do at a time (4).";
            case WORKER_HEARTBEAT -> "After four of these without a sign, another worker takes a job over (2s).";
            case WORKER_STOP_WITHIN -> "How long jobs have to come to an end on SIGTERM (20s).";
            case WORKER_HTTP ->
                "Answer /health, /health/live and /metrics there; on this machine alone without a host.";
            case WORKER_SWEEP_ROWS_PER_SECOND -> "How many rows a sweep compares in a second; 0 for no sweep (5000).";
            case WORKER_SWEEP_INTERVAL -> "Rest between two passes over all keys of an entity (1h).";
            case WORKER_KEEP_AGE -> "How old verifications, sweeps and shadow reads may become (720h).";
            case WORKER_KEEP_COUNT -> "How many verifications and sweeps to keep of each entity (100).";
        };
    }
}
