package dev.crossfade.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that can be set: its name in the properties file, in the environment and as a flag, its form, and its
 * default. The help of the command line is built from it. A test compares docs/configuration.md and the defaults of
 * the settings' records with it.
 */
public enum SettingKey {
    DB_URL("db.url", Form.URL, "", "JDBC URL of the legacy database, which also holds the control schema."),
    DB_HOST("db.host", Form.HOST, "localhost", "Its host, where no URL is given."),
    DB_PORT("db.port", Form.PORT, "5432", "Its port."),
    DB_NAME("db.name", Form.NAME, "", "Its name."),
    DB_USER("db.user", Form.NAME, "", "The user to log in as."),
    DB_PASSWORD(
            "db.password",
            Form.SECRET,
            "",
            "Ask for the password. Otherwise: DB_PASSWORD, db.password, a file, or ~/.pgpass."),
    DB_PASSWORD_FILE("db.password.file", Form.FILE, "", "File whose first line is the password."),
    MODERN_DB_URL("modern.db.url", Form.URL, "", "JDBC URL of the modern database, where it is another one."),
    MODERN_DB_HOST("modern.db.host", Form.HOST, "that of the legacy database", "Its host."),
    MODERN_DB_PORT("modern.db.port", Form.PORT, "5432", "Its port."),
    MODERN_DB_NAME("modern.db.name", Form.NAME, "", "Its name."),
    MODERN_DB_USER("modern.db.user", Form.NAME, "the legacy database's", "The user to log in as there."),
    MODERN_DB_PASSWORD("modern.db.password", Form.SECRET, "", "Ask for that user's password."),
    MODERN_DB_PASSWORD_FILE("modern.db.password.file", Form.FILE, "", "File whose first line is that password."),
    MAPPING("mapping", Form.FILE, "crossfade.yaml", "The mapping file."),
    MIGRATIONS("migrations", Form.DIRECTORY, "migrations", "The directory of the migrations."),
    MIGRATE_LOCK_TIMEOUT(
            "migrate.lock.timeout",
            Form.DURATION,
            "500ms",
            "Migrations: how long a statement waits for a table lock, and others queue behind it."),
    MIGRATE_LOCK_ATTEMPTS("migrate.lock.attempts", Form.NUMBER, "12", "How often they try to get their locks."),
    ENABLE_MODERN_WRITE(
            "enable.modern.write", Form.SWITCH, "true", "Whether a service writes the modern mirror itself."),
    GATE_INTENTS(
            "gate.intents",
            Form.NUMBER,
            "10000",
            "Gates: how many intents may wait when reads move or mirroring ends."),
    GATE_MISSED_WRITES(
            "gate.missed.writes", Form.NUMBER, "0", "How many missed writes, parked ones too, there may be then."),
    GATE_OLDEST_INTENT("gate.oldest.intent", Form.DURATION, "1m", "How old the oldest intent may be then."),
    GATE_VERIFICATION_AGE(
            "gate.verification.age", Form.DURATION, "24h", "How long ago the verification may have ended."),
    GATE_SHADOW_COMPARISONS(
            "gate.shadow.comparisons", Form.NUMBER, "100", "How many shadow reads must have been compared."),
    GATE_SHADOW_MISMATCH_PERCENT(
            "gate.shadow.mismatch.percent", Form.PERCENT, "0.1", "How many of a hundred of them may have differed."),
    GATE_SHADOW_WINDOW("gate.shadow.window", Form.DURATION, "24h", "How far back they count."),
    GATE_REPLICAS_LEGACY(
            "gate.replicas.legacy", Form.NAMES, "", "Names of the legacy server's replicas that must be connected."),
    GATE_REPLICAS_MODERN(
            "gate.replicas.modern", Form.NAMES, "", "Names of the modern server's replicas that must be connected."),
    GATE_REPLICAS_PATIENCE("gate.replicas.patience", Form.DURATION, "1s", "How long a replica may take to catch up."),
    GATE_RESTORE_ROWS(
            "gate.restore.rows",
            Form.NUMBER,
            "1000",
            "How many rows at either end of the table the way back is proven on."),
    GATE_STABLE_FOR("gate.stable.for", Form.DURATION, "0s", "How long an entity must have stood at its stage."),
    GATE_TOGETHER_WITHIN(
            "gate.together.within",
            Form.DURATION,
            "168h",
            "How long entities that were seen in one transaction have to move together."),
    WORKER_INTERVAL(
            "worker.interval", Form.DURATION, "1s", "Rest when nothing is left to do, for example 500ms, 2s or 1m."),
    WORKER_GRACE(
            "worker.grace", Form.DURATION, "2s", "Leave intents younger than this to the instance that wrote them."),
    WORKER_LANES("worker.lanes", Form.NUMBER, "2", "How many batches of an entity to work off at the same time."),
    WORKER_RETRY_ATTEMPTS(
            "worker.retry.attempts", Form.NUMBER, "10", "After how many failed attempts a key is parked."),
    WORKER_RETRY_FIRST_PAUSE(
            "worker.retry.first.pause",
            Form.DURATION,
            "1s",
            "The pause after the first of them, which doubles with each."),
    WORKER_RETRY_LONGEST_PAUSE("worker.retry.longest.pause", Form.DURATION, "15m", "Where these pauses stop growing."),
    WORKER_RETRY_PARENT_PATIENCE(
            "worker.retry.parent.patience", Form.DURATION, "30s", "How long a key waits for a row that it refers to."),
    WORKER_THREADS("worker.threads", Form.NUMBER, "4", "How many jobs to do at a time."),
    WORKER_HEARTBEAT(
            "worker.heartbeat",
            Form.DURATION,
            "2s",
            "After four of these without a sign, another worker takes a job over."),
    WORKER_STOP_WITHIN("worker.stop.within", Form.DURATION, "20s", "How long jobs have to come to an end on SIGTERM."),
    WORKER_HTTP(
            "worker.http",
            Form.ADDRESS,
            "",
            "Answer /health, /health/live and /metrics there; on this machine alone without a host."),
    WORKER_SWEEP_ROWS_PER_SECOND(
            "worker.sweep.rows.per.second",
            Form.NUMBER,
            "5000",
            "How many rows a sweep compares in a second; 0 for no sweep."),
    WORKER_SWEEP_INTERVAL(
            "worker.sweep.interval", Form.DURATION, "1h", "Rest between two passes over all keys of an entity."),
    WORKER_KEEP_AGE(
            "worker.keep.age", Form.DURATION, "720h", "How old verifications, sweeps and shadow reads may become."),
    WORKER_KEEP_COUNT(
            "worker.keep.count", Form.NUMBER, "100", "How many verifications and sweeps to keep of each entity.");

    private static final String OF_WORKER = "WORKER_";

    private final String property;
    private final Form form;
    private final String otherwise;
    private final String description;

    /** The form of a value. */
    public enum Form {
        /** A JDBC URL. */
        URL("URL"),
        /** A host's name or address. */
        HOST("HOST"),
        /** A port, from 1 to 65535. */
        PORT("PORT"),
        /** A name. */
        NAME("NAME"),
        /** Names, separated by commas. */
        NAMES("NAME,..."),
        /** A value that must never be shown. */
        SECRET(""),
        /** The path of a file. */
        FILE("FILE"),
        /** The path of a directory. */
        DIRECTORY("DIRECTORY"),
        /** A number with its unit. */
        DURATION("DURATION"),
        /** A whole number. */
        NUMBER("NUMBER"),
        /** A number of per cent. */
        PERCENT("PERCENT"),
        /** True or false. */
        SWITCH("true|false"),
        /** A port, or a host and a port. */
        ADDRESS("[HOST:]PORT");

        private final String label;

        Form(String label) {
            this.label = label;
        }

        /** Returns what stands for a value in help. */
        public String label() {
            return label;
        }
    }

    SettingKey(String property, Form form, String otherwise, String description) {
        this.property = property;
        this.form = form;
        this.otherwise = otherwise;
        this.description = description;
    }

    /** Returns the form of a value. */
    public Form form() {
        return form;
    }

    /** Returns what it sets, in a sentence. */
    public String description() {
        return description;
    }

    /** Returns the default: a value, or words for it; empty if there is none. */
    public String otherwise() {
        return otherwise;
    }

    /** Returns the name in the properties file, for example {@code db.host}. */
    public String property() {
        return property;
    }

    /** Returns the name in the environment, for example {@code DB_HOST}. */
    public String variable() {
        boolean ofCrossfade = this == MAPPING
                || this == MIGRATIONS
                || name().startsWith("MIGRATE_")
                || name().startsWith("GATE_")
                || isOfWorker();
        return ofCrossfade ? "CROSSFADE_" + name() : name();
    }

    /** Returns the flag, for example {@code --db-host}. The worker's settings are flags of its command only. */
    public String flag() {
        String word = isOfWorker() ? name().substring(OF_WORKER.length()) : name();
        return "--" + word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Tells whether only a worker reads it. */
    public boolean isOfWorker() {
        return name().startsWith(OF_WORKER);
    }

    /** Tells whether the value must never be shown. */
    public boolean isSecret() {
        return form == Form.SECRET;
    }

    static Optional<SettingKey> ofProperty(String name) {
        return Arrays.stream(values()).filter(key -> key.property.equals(name)).findFirst();
    }
}
