package dev.crossfade.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** The transactions in which rows are copied and compared outside the service's own sessions. */
public final class CanonicalTransaction {

    /**
     * How long those wait for a lock who hold locks that a writer may wait for. It is well below the server's deadlock
     * timeout, a second by default: in a circle of waits it is we who give way, and no writer fails.
     */
    public static final Duration GIVING_WAY = Duration.ofMillis(100);

    /**
     * Fixed text forms, so that values travel unchanged whatever the databases' and the role's defaults; a new snapshot
     * for each statement; triggers and foreign keys as for everybody, also where a role has them switched off; no
     * row-level security, under which a hidden row would look like a deleted one; bounded waits, and an end by the
     * server where the process that holds the locks is heard of no more.
     */
    private static final TextStatement SETTINGS = new TextStatement("""
            set transaction isolation level read committed read write;
            select set_config('TimeZone', 'UTC', true), set_config('IntervalStyle', 'postgres', true),
                   set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true),
                   set_config('lc_monetary', 'C', true), set_config('row_security', 'off', true),
                   set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true),
                   set_config('idle_in_transaction_session_timeout', ?, true),
                   pg_is_in_recovery(),
                   set_config('DateStyle', 'ISO, MDY', true), set_config('xmloption', 'content', true),
                   set_config('standard_conforming_strings', 'on', true),
                   case when current_setting('session_replication_role') <> 'origin'
                        then set_config('session_replication_role', 'origin', true) end
            """);

    private static final TextStatement FORGETTABLE =
            SETTINGS.after(new TextStatement("set local synchronous_commit = off"));

    private static final TextStatement LONGEST_SILENCE =
            new TextStatement("select set_config('idle_in_transaction_session_timeout', ?, true)");

    private static final TextStatement LOCK_TIMEOUT = new TextStatement("select set_config('lock_timeout', ?, true)");

    /**
     * How long a transaction's statements may wait and take.
     *
     * @param lock for a lock
     * @param statement for all of a statement, zero for no limit
     * @param silence between two statements, after which the server ends the session: whoever waits for what the
     *     transaction holds waits for a process that stands still for so long, and no longer
     */
    public record Limits(Duration lock, Duration statement, Duration silence) {

        private static final Duration HARMLESS = Duration.ofSeconds(60);

        /** For reading alone: 5 s for a lock, no limit for a statement. */
        public static final Limits READING = new Limits(Duration.ofSeconds(5), Duration.ZERO);

        /** Of a transaction that holds nothing which a writer waits for: a minute of silence. */
        public Limits(Duration lock, Duration statement) {
            this(lock, statement, HARMLESS);
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work<T> {

        /** Does it; the transaction is committed after it, and rolled back where it fails. */
        T run(Connection connection) throws SQLException;
    }

    private CanonicalTransaction() {}

    /**
     * Runs work in a transaction of its own and commits it. What a mirror's row raises does not cost the pool the
     * connection, where the pool shows the driver's: see {@link DriverConnection}.
     *
     * @throws SQLException if the server cannot be used or is a replica, or the work fails
     */
    public static <T> T in(DataSource database, Limits limits, Work<T> work) throws SQLException {
        try (Connection connection = connection(database)) {
            try {
                begin(connection, limits);
                T result = work.run(DriverConnection.of(connection).direct());
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollBack(connection, e);
                throw e;
            } finally {
                giveBack(connection);
            }
        }
    }

    /**
     * Returns a connection of a pool. Whatever the pool throws says that there is none: it must not be taken for a
     * fault of the rows that it was wanted for.
     */
    public static Connection connection(DataSource database) throws SQLException {
        try {
            return database.getConnection();
        } catch (RuntimeException e) {
            throw new SQLException("the pool has given no connection", SqlState.UNABLE_TO_CONNECT, e);
        }
    }

    /**
     * Begins a transaction; the caller ends it and gives the connection back with {@link #giveBack}.
     *
     * @throws SQLException if the server cannot be used or is a replica, whose rows may be old
     */
    public static void begin(Connection connection, Limits limits) throws SQLException {
        begin(connection, SETTINGS, limits);
    }

    /**
     * As {@link #begin}, of a transaction whose commit a crash of the server may undo: it does not wait for the disk.
     */
    public static void beginForgettable(Connection connection, Limits limits) throws SQLException {
        begin(connection, FORGETTABLE, limits);
    }

    private static void begin(Connection connection, TextStatement settings, Limits limits) throws SQLException {
        connection.setAutoCommit(false);
        boolean replica = settings.query(
                        connection,
                        row -> row.getBoolean(10),
                        millis(limits.lock()),
                        millis(limits.statement()),
                        millis(limits.silence()))
                .getFirst();
        if (replica) {
            throw new SQLException(
                    "The server is a replica; its rows may be old. Name the primary in the settings.",
                    SqlState.READ_ONLY);
        }
    }

    /** Sets after which silence the server ends the session, until the transaction ends. */
    public static void limitSilence(Connection connection, Duration silence) throws SQLException {
        LONGEST_SILENCE.query(connection, row -> 0, millis(silence));
    }

    /** Sets how long the statements that follow wait for a lock. */
    public static void waitForLocks(Connection connection, Duration timeout) throws SQLException {
        LOCK_TIMEOUT.query(connection, row -> 0, millis(timeout));
    }

    /**
     * Returns what to do about a transaction that failed: what its login lacks, where that is the reason.
     *
     * @param otherwise what to do about any other reason
     */
    public static String remedy(SQLException failure, String otherwise) {
        return lacksPrivilege(failure)
                ? "The login must see every row: GRANT SELECT on the table, and give it BYPASSRLS where there is row-level security."
                : otherwise;
    }

    /** Tells whether a login may not see what it asks for, or not all of it. */
    public static boolean lacksPrivilege(SQLException failure) {
        return SqlState.INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState());
    }

    /**
     * Rolls back after a failure, without hiding it. A connection on which memory ran out may stand in the middle of a
     * message: it is given up, and the server rolls back.
     */
    public static void rollBack(Connection connection, Throwable reason) {
        try {
            if (reason instanceof OutOfMemoryError) {
                connection.abort(Runnable::run);
                return;
            }
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** Makes a pooled connection as it came; a broken one is dropped by its pool. */
    public static void giveBack(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is broken, which the statement before has reported already.
            return;
        }
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
