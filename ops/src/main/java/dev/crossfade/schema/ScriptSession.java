package dev.crossfade.schema;

import dev.crossfade.control.Databases;
import dev.crossfade.schema.file.MigrationScript;
import dev.crossfade.sql.SqlStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * The connection on which one script runs. It resets whatever the script sets in its session, so that the next user of
 * the pooled connection finds it unchanged.
 */
final class ScriptSession implements AutoCloseable {

    /** How long writers wait for the locks of a paused process, at most. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

    private final MigrationScript script;
    private final Connection connection;
    private final DSLContext dsl;

    private ScriptSession(MigrationScript script, Connection connection) {
        this.script = script;
        this.connection = connection;
        this.dsl = Databases.dsl(connection);
    }

    static ScriptSession open(DataSource database, MigrationScript script) throws SQLException {
        Connection connection = database.getConnection();
        try {
            connection.setAutoCommit(true);
            return new ScriptSession(script, connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The work of one transaction. */
    @FunctionalInterface
    interface ScriptWork {
        void run() throws StatementFailure;
    }

    /** Runs {@code work} in a transaction: commits it, or rolls all of it back. */
    void inTransaction(ScriptWork work) throws StatementFailure {
        boolean committed = false;
        try {
            connection.setAutoCommit(false);
            set("idle_in_transaction_session_timeout", LONGEST_SILENCE.toMillis() + "ms", true);
            work.run();
            connection.commit();
            committed = true;
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw StatementFailure.after(script, e);
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            if (cause != null && StatementFailure.after(script, cause).isOfStandstill()) {
                throw StatementFailure.after(script, cause);
            }
            throw e;
        } finally {
            if (!committed) {
                rollBack();
            }
        }
    }

    private void rollBack() {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException lost) {
            // the session is gone, and the server rolls back by itself; report the failure that led here
        }
    }

    void run(SqlStatement statement) throws StatementFailure {
        try (Statement jdbc = connection.createStatement()) {
            jdbc.setEscapeProcessing(false);
            jdbc.execute(statement.text());
        } catch (SQLException e) {
            throw StatementFailure.of(statement, e);
        }
    }

    /**
     * Runs {@code work} without any timeout: for statements that block nobody. The timeouts come back when it
     * succeeds; when it fails, the session is no longer usable.
     */
    void withoutLimits(ScriptWork work) throws StatementFailure {
        String lockTimeout = setting("lock_timeout");
        String statementTimeout = setting("statement_timeout");
        set("lock_timeout", "0", false);
        set("statement_timeout", "0", false);
        work.run();
        set("lock_timeout", lockTimeout, false);
        set("statement_timeout", statementTimeout, false);
    }

    /** Limits how long statements wait for locks, for the rest of the transaction, or of the session outside one. */
    void limitLockWaits(Duration timeout, boolean transaction) {
        set("lock_timeout", timeout.toMillis() + "ms", transaction);
    }

    /** Returns a context on the session, in its present role. */
    DSLContext dsl() {
        return dsl;
    }

    /**
     * Writes to the history, within a transaction. It drops any role that the script has taken, which may not be
     * allowed to do that.
     */
    void record(Consumer<History> change) {
        dsl.execute("set local session authorization default");
        dsl.execute("set local role none");
        change.accept(new History(dsl));
    }

    IndexCatalog indexes() {
        return new IndexCatalog(connection);
    }

    /** Names the oldest open transactions of other sessions: the likely holders of a lock that was not granted. */
    String openTransactions() {
        String sessions = dsl.fetch("""
                        select a.pid, coalesce(nullif(a.application_name, ''), 'no application name'),
                               extract(epoch from clock_timestamp() - a.xact_start)::bigint
                          from pg_stat_activity a
                         where a.datname = current_database() and a.pid <> pg_backend_pid()
                           and a.xact_start is not null
                         order by a.xact_start
                         limit 3
                        """).stream()
                .map(row -> "pid %s (%s) for %s s".formatted(row.get(0), row.get(1), row.get(2)))
                .collect(Collectors.joining(", "));
        return sessions.isEmpty() ? "none at this moment" : sessions;
    }

    private String setting(String name) {
        return dsl.fetchSingle("select current_setting(?)", name).get(0, String.class);
    }

    private void set(String name, String value, boolean transaction) {
        dsl.execute("select set_config(?, ?, ?)", name, value, transaction);
    }

    /** Resets a session: settings, role, locks, temporary tables, prepared statements. */
    static void discard(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("discard all");
        } catch (SQLException lost) {
            // the session is gone, with everything in it
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            discard(connection);
        }
    }
}
