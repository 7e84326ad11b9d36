package dev.crossfade.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Everything that can be set, and what it is called in the properties file, in the environment and as a flag. */
public enum SettingKey {
    /** JDBC URL of the database that holds the legacy schema and the control schema. */
    DB_URL("db.url"),
    /** Its host; {@code localhost} where nothing is set. */
    DB_HOST("db.host"),
    /** Its port; 5432 where nothing is set. */
    DB_PORT("db.port"),
    /** Its name. */
    DB_NAME("db.name"),
    /** The user to log in as. */
    DB_USER("db.user"),
    /** The user's password; without one, the driver looks into {@code ~/.pgpass}. */
    DB_PASSWORD("db.password"),
    /** A file whose first line is the password. */
    DB_PASSWORD_FILE("db.password.file"),
    /** JDBC URL of the database that holds the modern schema, where that is another one. */
    MODERN_DB_URL("modern.db.url"),
    /** Its host; that of the legacy database where nothing is set. */
    MODERN_DB_HOST("modern.db.host"),
    /** Its port; 5432 where nothing is set. */
    MODERN_DB_PORT("modern.db.port"),
    /** Its name. */
    MODERN_DB_NAME("modern.db.name"),
    /** The user to log in as there; the legacy database's user and password where nothing is set. */
    MODERN_DB_USER("modern.db.user"),
    /** That user's password. */
    MODERN_DB_PASSWORD("modern.db.password"),
    /** A file whose first line is that password. */
    MODERN_DB_PASSWORD_FILE("modern.db.password.file"),
    /** The mapping file. */
    MAPPING("mapping"),
    /** The directory of the migrations. */
    MIGRATIONS("migrations"),
    /** How long a statement of a migration waits for a table lock. */
    MIGRATE_LOCK_TIMEOUT("migrate.lock.timeout"),
    /** How often a migration tries to get its locks. */
    MIGRATE_LOCK_ATTEMPTS("migrate.lock.attempts"),
    /** Whether a service writes the modern mirror itself; false makes it leave intents to the worker. */
    ENABLE_MODERN_WRITE("enable.modern.write"),
    /** How many intents may wait when reads move. */
    GATE_INTENTS("gate.intents"),
    /** How many missed writes there may be when reads move. */
    GATE_MISSED_WRITES("gate.missed.writes"),
    /** How old the oldest intent may be. */
    GATE_OLDEST_INTENT("gate.oldest.intent"),
    /** How long ago the verification may have ended. */
    GATE_VERIFICATION_AGE("gate.verification.age"),
    /** How many shadow reads must have been compared. */
    GATE_SHADOW_COMPARISONS("gate.shadow.comparisons"),
    /** How many of a hundred of them may have differed. */
    GATE_SHADOW_MISMATCH_PERCENT("gate.shadow.mismatch.percent"),
    /** How far back they count. */
    GATE_SHADOW_WINDOW("gate.shadow.window"),
    /** The legacy server's replicas, separated by commas. */
    GATE_REPLICAS_LEGACY("gate.replicas.legacy"),
    /** The modern server's replicas, separated by commas. */
    GATE_REPLICAS_MODERN("gate.replicas.modern"),
    /** How long a replica may take to catch up. */
    GATE_REPLICAS_PATIENCE("gate.replicas.patience"),
    /** How many rows at either end of the legacy table the way back is proven on. */
    GATE_RESTORE_ROWS("gate.restore.rows"),
    /** How long an entity must have stood at its stage. */
    GATE_STABLE_FOR("gate.stable.for"),
    /** How long entities that were seen in one transaction have to move together. */
    GATE_TOGETHER_WITHIN("gate.together.within"),
    /** How long an entity rests when nothing is left to do for it. */
    WORKER_INTERVAL("worker.interval"),
    /** Intents younger than this are left to the instance that wrote them. */
    WORKER_GRACE("worker.grace"),
    /** How many batches of an entity are worked off at the same time. */
    WORKER_LANES("worker.lanes"),
    /** After how many failed attempts a key is parked. */
    WORKER_RETRY_ATTEMPTS("worker.retry.attempts"),
    /** The pause after the first of them, which doubles with each. */
    WORKER_RETRY_FIRST_PAUSE("worker.retry.first.pause"),
    /** Where these pauses stop growing. */
    WORKER_RETRY_LONGEST_PAUSE("worker.retry.longest.pause"),
    /** How long a key waits for a row that it refers to before it becomes a missed write that waits. */
    WORKER_RETRY_PARENT_PATIENCE("worker.retry.parent.patience"),
    /** How many jobs a worker does at a time. */
    WORKER_THREADS("worker.threads"),
    /** How often a worker says that it is still at a job. */
    WORKER_HEARTBEAT("worker.heartbeat"),
    /** How long jobs have to come to an end when the worker is told to stop. */
    WORKER_STOP_WITHIN("worker.stop.within"),
    /** Where a worker answers for its health and its metrics. */
    WORKER_HTTP("worker.http"),
    /** How many rows a sweep compares in a second. */
    WORKER_SWEEP_ROWS_PER_SECOND("worker.sweep.rows.per.second"),
    /** From the end of one pass of a sweep to the beginning of the next. */
    WORKER_SWEEP_INTERVAL("worker.sweep.interval"),
    /** How old verifications, passes of sweeps and shadow reads may become. */
    WORKER_KEEP_AGE("worker.keep.age"),
    /** How many verifications and passes of sweeps are kept of each entity. */
    WORKER_KEEP_COUNT("worker.keep.count");

    private static final String OF_WORKER = "WORKER_";

    private final String property;

    SettingKey(String property) {
        this.property = property;
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

    /** Returns the flag, for example {@code --db-host}; the worker's settings are flags of its command alone. */
    public String flag() {
        String word = isOfWorker() ? name().substring(OF_WORKER.length()) : name();
        return "--" + word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Tells whether only a worker asks for it. */
    public boolean isOfWorker() {
        return name().startsWith(OF_WORKER);
    }

    /** Tells whether the value must never be shown. */
    public boolean isSecret() {
        return this == DB_PASSWORD || this == MODERN_DB_PASSWORD;
    }

    static Optional<SettingKey> ofProperty(String name) {
        return Arrays.stream(values()).filter(key -> key.property.equals(name)).findFirst();
    }
}
