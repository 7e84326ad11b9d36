package dev.crossfade.control;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.ConnectionUrl;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import dev.crossfade.time.Pause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Crossfade's own schema, {@code crossfade}: created and upgraded idempotently, one process at a time under an advisory
 * lock, each part in one transaction, so that any number of processes may start at once.
 *
 * <p>One part goes into every database that can hold the authoritative row (intents, the authority's epoch, the
 * history of migrations run there), the other into the control database alone.
 */
public final class ControlSchema {

    /** The oldest PostgreSQL major version that Crossfade runs on. */
    public static final int OLDEST_SERVER = 14;

    private static final int ATTEMPTS = 60;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final long LOCK = 0x63726f7373666164L;

    private static final String ASKED_FOR_LOSS =
            "There is no schema crossfade in the legacy database. Only the modern one can tell whether it was lost, by the fences that entities have there: a new schema would begin at legacy-only, although the modern side may decide by now. Nothing was made. ";

    /** Created by the newest script that creates a table in every database. */
    private static final String NEWEST_TABLE = "crossfade.mirrored";

    private static final Part SIDE = new Part("SIDE", scripts("side", 8));
    private static final Part CONTROL = new Part("CONTROL", scripts("control", 9));

    /**
     * A part of the schema.
     *
     * @param scripts upgrade scripts, in order; the part's version is how many of them have run
     */
    private record Part(String name, List<String> scripts) {}

    private static List<String> scripts(String prefix, int last) {
        return IntStream.rangeClosed(1, last)
                .mapToObj(number -> prefix + "-" + number + ".sql")
                .toList();
    }

    private ControlSchema() {}

    /**
     * Creates the schema in the databases of both sides where it is missing, and upgrades it where it is there. A
     * schema that was lost is not recreated: every entity would start again at its first stage. Fences or histories
     * that are left in the other database show the loss.
     *
     * @return whether the control database had no schema
     * @throws UnavailableException if a database cannot be reached or is too old, if the user may not create the
     *         schema, or if the schema was lost
     */
    public static boolean install(Databases databases) {
        boolean created = installInControl(databases, Map.of());
        if (!created) {
            installInModern(databases, Map.of());
        }
        return created;
    }

    /**
     * As {@link #install}, but leaves the modern database alone if the control schema is there: it may be down. If
     * there is no control schema, the modern database must answer, because only it can tell whether one was lost.
     *
     * @param names the names of the sides' data sources in messages; a side may be absent
     * @return whether the control database had no schema
     */
    static boolean installInControl(Databases databases, Map<Side, String> names) {
        boolean created = on(Side.LEGACY, databases, names, "", database -> !isInstalled(database));
        if (created
                && !databases.areShared()
                && on(Side.MODERN, databases, names, ASKED_FOR_LOSS, ControlSchema::hasFences)) {
            throw new UnavailableException(
                    "Crossfade's own schema is lost in the legacy database: the modern one still has the fences of entities, and a new schema would begin at legacy-only. Restore it, or drop the schema crossfade of the modern database too if the migration is to begin anew.",
                    null);
        }
        on(Side.LEGACY, databases, names, "", database -> upgraded(database, List.of(SIDE, CONTROL)));
        if (created) {
            installInModern(databases, names);
        }
        return created;
    }

    /** As {@link #install}, for the modern database alone; does nothing if that is the control database. */
    static void installInModern(Databases databases, Map<Side, String> names) {
        if (!databases.areShared()) {
            on(Side.MODERN, databases, names, "", database -> upgraded(database, List.of(SIDE)));
        }
    }

    /** Runs an action in a side's database; a failure names the database and what it is needed for. */
    private static boolean on(
            Side side, Databases databases, Map<Side, String> names, String needed, Predicate<DataSource> work) {
        try {
            return work.test(databases.of(side));
        } catch (UnavailableException e) {
            String database = databases.areShared() ? "database" : side.label() + " database";
            String name = names.containsKey(side) ? " (data source %s)".formatted(names.get(side)) : "";
            throw new UnavailableException(
                    "%sThe %s%s cannot be used. %s".formatted(needed, database, name, e.getMessage()), e.getCause());
        }
    }

    /**
     * Creates the schema where it was lost, whatever the other database still knows, and makes an emptied one usable
     * again. For an operator who has decided to continue without its old contents; no entity has a stage in it until
     * that is recovered.
     *
     * @throws UnavailableException if a database cannot be reached, or the tables of an emptied schema are of another
     *     version
     */
    public static void installAgain(Databases databases) {
        refill(databases.control(), List.of(SIDE, CONTROL));
        upgrade(databases.control(), List.of(SIDE, CONTROL));
        if (!databases.areShared()) {
            refill(databases.modern(), List.of(SIDE));
            upgrade(databases.modern(), List.of(SIDE));
        }
    }

    /** Writes the initial rows of an emptied schema, if its tables have the current version. */
    private static void refill(DataSource database, List<Part> parts) {
        try (Connection connection = database.getConnection()) {
            if (!isInstalled(connection) || !isEmptied(connection)) {
                return;
            }
            ControlTransaction.on(Databases.dsl(connection)).run(control -> {
                if (control.fetchSingle("select to_regclass(?) is null", NEWEST_TABLE)
                        .get(0, boolean.class)) {
                    throw emptied(connection);
                }
                for (Part part : parts) {
                    control.execute(
                            "insert into crossfade.control_version (part, version) values (?, ?)",
                            part.name(),
                            part.scripts().size());
                }
                IdentityTable.begin(control);
            });
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    /**
     * Upgrades the schema where it is there; creates none.
     *
     * @return whether the control database has one
     * @throws UnavailableException as {@link #install}
     */
    public static boolean upgrade(Databases databases) {
        if (!isInstalled(databases.control())) {
            if (!databases.areShared() && hasFences(databases.modern())) {
                throw new UnavailableException(
                        "Crossfade's own schema is lost in the legacy database: the modern one still has the fences of entities. Nothing was made anew. Restore it, or make it anew by deciding which side of an entity wins: `crossfade recover`.",
                        null);
            }
            return false;
        }
        install(databases);
        return true;
    }

    /** Tells whether a database has the schema. */
    private static boolean isInstalled(DataSource database) {
        return ask(database, "select to_regclass('crossfade.control_version') is not null");
    }

    private static boolean hasFences(DataSource database) {
        return ask(database, "select to_regclass('crossfade.authority') is not null")
                && ask(database, "select exists (select from crossfade.authority)");
    }

    private static boolean ask(DataSource database, String question) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getBoolean(1);
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    private static boolean upgraded(DataSource database, List<Part> parts) {
        upgrade(database, parts);
        return true;
    }

    private static void upgrade(DataSource database, List<Part> parts) {
        try (Connection connection = database.getConnection()) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            if (major < OLDEST_SERVER) {
                throw new UnavailableException(
                        "The server at %s is PostgreSQL %s; Crossfade needs %s or newer. Upgrade the server or name another one."
                                .formatted(
                                        ConnectionUrl.withoutSecrets(
                                                connection.getMetaData().getURL()),
                                        major,
                                        OLDEST_SERVER),
                        null);
            }
            if (isInstalled(connection)) {
                requireNotEmptied(connection);
            }
            for (int attempt = 1; !isCurrent(connection, parts); attempt++) {
                tryUpgrade(connection, parts, attempt);
            }
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    /** Refuses a schema that was emptied: the tables are there, their initial rows are not. */
    private static void requireNotEmptied(Connection connection) throws SQLException {
        if (isEmptied(connection)) {
            throw emptied(connection);
        }
    }

    private static boolean isEmptied(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet emptied = statement.executeQuery(
                        "select to_regclass('crossfade.authority') is not null and not exists (select from crossfade.control_version)")) {
            emptied.next();
            return emptied.getBoolean(1);
        }
    }

    private static UnavailableException emptied(Connection connection) throws SQLException {
        return new UnavailableException(
                "Crossfade's own schema was emptied in %s: its tables are there, and nothing in them. Nothing was made anew. Restore it, or decide which side of an entity wins: `crossfade recover`."
                        .formatted(ConnectionUrl.withoutSecrets(
                                connection.getMetaData().getURL())),
                null);
    }

    private static boolean isInstalled(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("select to_regclass('crossfade.control_version') is not null")) {
            found.next();
            return found.getBoolean(1);
        }
    }

    private static boolean isCurrent(Connection connection, List<Part> parts) throws SQLException {
        if (!isInstalled(connection)) {
            return false;
        }
        for (Part part : parts) {
            if (version(connection, part) < part.scripts().size()) {
                return false;
            }
        }
        return true;
    }

    /** Writers queue behind a pending lock request, so this waits briefly and tries again after a pause. */
    private static void tryUpgrade(Connection connection, List<Part> parts, int attempt) throws SQLException {
        try {
            upgrade(connection, parts);
        } catch (SQLException e) {
            if (!SqlState.LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || attempt >= ATTEMPTS) {
                throw e;
            }
            Pause.of(
                    BETWEEN_ATTEMPTS,
                    interrupted -> new UnavailableException(
                            "The upgrade of the control schema was interrupted. Start again.", interrupted));
        }
    }

    private static void upgrade(Connection connection, List<Part> parts) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            // Overrides the role's own limits: another instance may take long for the upgrade.
            statement.execute(
                    "set local lock_timeout = 0; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = '2s'");
            try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
                lock.setLong(1, LOCK);
                lock.execute();
            }
            // A paused process with locks on our tables must not block writers for longer.
            statement.execute("set local lock_timeout = '500ms'");
            statement.execute(script("bootstrap.sql"));
            for (Part part : parts) {
                for (int version = version(connection, part);
                        version < part.scripts().size();
                        version++) {
                    statement.execute(script(part.scripts().get(version)));
                    record(connection, part, version + 1);
                }
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    private static int version(Connection connection, Part part) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select version from crossfade.control_version where part = ?")) {
            select.setString(1, part.name());
            try (ResultSet version = select.executeQuery()) {
                return version.next() ? version.getInt(1) : 0;
            }
        }
    }

    private static void record(Connection connection, Part part, int version) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("""
                insert into crossfade.control_version (part, version) values (?, ?)
                on conflict (part) do update set version = excluded.version
                """)) {
            upsert.setString(1, part.name());
            upsert.setInt(2, version);
            upsert.executeUpdate();
        }
    }

    private static String script(String name) {
        try (InputStream in = ControlSchema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new CrossfadeException(
                        "The control schema script '" + name + "' is missing from the class path.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CrossfadeException("The control schema script '" + name + "' cannot be read.", e);
        }
    }

    /** Turns a connection or privilege failure into an exception whose message says what to do. */
    public static CrossfadeException explain(SQLException cause) {
        String state = SqlState.of(cause);
        String remedy = switch (state) {
            case SqlState.INVALID_PASSWORD, SqlState.INVALID_AUTHORIZATION ->
                "The server refused the login. Check user, password and pg_hba.conf.";
            case SqlState.UNKNOWN_DATABASE -> "The database does not exist. Check its name, or create it.";
            case SqlState.INSUFFICIENT_PRIVILEGE ->
                "The user lacks a privilege, which the server names: grant it. Making Crossfade's own schema takes CREATE on the database; an owner can do that once with `crossfade install`.";
            case SqlState.LOCK_NOT_AVAILABLE ->
                "A table of the control schema was in use all the time. Find the long transaction in pg_stat_activity, and start again.";
            case SqlState.READ_ONLY -> "The server is read-only. Name the primary, not a replica.";
            default ->
                state.startsWith("08") || state.isEmpty()
                        ? "The server cannot be reached. Check host, port and that it runs."
                        : "The control schema could not be brought up to date.";
        };
        return new UnavailableException(
                remedy + " The server said: " + ServerMessage.sentence(ServerMessage.ofDriver(cause)), cause);
    }
}
