package dev.crossfade.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** The transactions in which rows are copied and compared outside the service's own sessions. */
public final class CanonicalTransaction {

    /**
     * The lock timeout of transactions that hold locks which a writer may wait for. It is well below the server's
     * deadlock timeout, a second by default: in a deadlock we give way, and no writer fails.
     */
    public static final Duration GIVING_WAY = Duration.ofMillis(100);

    /**
     * Fixed text forms, so that values travel unchanged whatever the databases' and the role's defaults; a new
     * snapshot for each statement; triggers and foreign keys on, even if a role has them switched off; no row-level
     * security, under which a hidden row would look like a deleted one; bounded waits, and the server ends the
     * session if the process that holds the locks goes silent.
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
     * @param silence the time between two statements after which the server ends the session: it limits how long
     *         others wait for locks of a paused process
     */
    public record Limits(Duration lock, Duration statement, Duration silence) {

        private static final Duration HARMLESS = Duration.ofSeconds(60);

        /** For reading only: 5 s for a lock, no limit for a statement. */
        public static final Limits READING = new Limits(Duration.ofSeconds(5), Duration.ZERO);

        /** For a transaction that holds nothing that a writer waits for: a minute of silence. */
        public Limits(Duration lock, Duration statement) {
            this(lock, statement, HARMLESS);
        }
    }

    /** Work in a transaction. */
    @FunctionalInterface
    public interface Work<T> {

        /** Does the work; the transaction commits afterwards, or rolls back if this throws. */
        T run(Connection connection) throws SQLException;
    }

    private CanonicalTransaction() {}

    /**
     * Runs work in a transaction of its own and commits it. An error that a mirror's row raises does not make the
     * pool evict the connection, if the pool exposes the driver's: see {@link DriverConnection}.
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
     * Returns a connection of a pool. Whatever the pool throws means that there is no connection; it must not be
     * taken for a fault of the rows.
     */
    public static Connection connection(DataSource database) throws SQLException {
        try {
            return database.getConnection();
        } catch (RuntimeException e) {
            throw new SQLException("the pool has given no connection", SqlState.UNABLE_TO_CONNECT, e);
        }
    }

    /**
     * Begins a transaction; the caller ends it and returns the connection with {@link #giveBack}.
     *
     * @throws SQLException if the server cannot be used or is a replica, whose rows may be stale
     */
    public static void begin(Connection connection, Limits limits) throws SQLException {
        begin(connection, SETTINGS, limits);
    }

    /**
     * As {@link #begin}, with asynchronous commit: it does not wait for the disk, and a crash of the server may undo
     * it.
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

    /** Sets, until the transaction ends, after which silence the server ends the session. */
    public static void limitSilence(Connection connection, Duration silence) throws SQLException {
        LONGEST_SILENCE.query(connection, row -> 0, millis(silence));
    }

    /** Sets how long the statements that follow wait for a lock. */
    public static void waitForLocks(Connection connection, Duration timeout) throws SQLException {
        LOCK_TIMEOUT.query(connection, row -> 0, millis(timeout));
    }

    /**
     * Returns the remedy for a failed transaction: the privilege that its login lacks, if that is the reason.
     *
     * @param otherwise the remedy for any other reason
     */
    public static String remedy(SQLException failure, String otherwise) {
        return lacksPrivilege(failure)
                ? "The login must see every row: GRANT SELECT on the table, and give it BYPASSRLS where there is row-level security."
                : otherwise;
    }

    /** Tells whether a login may not read the data, or not all of it. */
    public static boolean lacksPrivilege(SQLException failure) {
        return SqlState.INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState());
    }

    /**
     * Rolls back after a failure, without hiding it. A connection on which memory ran out may be in the middle of a
     * protocol message: it is closed, and the server rolls back.
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

    /** Resets and returns a pooled connection; its pool evicts a broken one. */
    public static void giveBack(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is broken, as the previous statement has reported.
            return;
        }
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
