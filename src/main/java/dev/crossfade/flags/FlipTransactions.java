package dev.crossfade.flags;

import dev.crossfade.control.AuthorityLock;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one attempt to change stages under the entities' locks: one in each database, started before
 * anything is locked. From the first lock on there is a {@link Window}: no statement may take longer than what is
 * left of it, and the server ends a session that is idle for that long, so that neither a slow statement nor a paused
 * process nor a hanging mirror blocks writers. Not thread-safe.
 */
final class FlipTransactions implements AutoCloseable {

    /** The SQLSTATEs of an ended attempt: a lock, a statement or idling took longer than the window; or a deadlock. */
    private static final Set<String> OVER = Set.of(
            SqlState.LOCK_NOT_AVAILABLE,
            SqlState.QUERY_CANCELED,
            SqlState.IDLE_IN_TRANSACTION_TIMEOUT,
            SqlState.DEADLOCK_DETECTED);

    /** A policy must not hide a row, whose key would be handed out again; the session reads nothing else. */
    private static final TextStatement BEGIN = new TextStatement("""
            set transaction isolation level read committed;
            select set_config('idle_in_transaction_session_timeout', '10s', true), set_config('row_security', 'off', true)
            """);

    private static final TextStatement LIMIT = new TextStatement("""
            select set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true),
                   set_config('idle_in_transaction_session_timeout', ?, true)
            """);

    /** How long the control database's transaction may be idle while the modern one's commits. */
    private static final Duration COMMITTING = Duration.ofSeconds(2);

    private final Connection legacy;
    private final Connection modern;
    private @Nullable Window window;

    private FlipTransactions(Connection legacy, Connection modern) {
        this.legacy = legacy;
        this.modern = modern;
    }

    /** Starts transactions in both databases. */
    static FlipTransactions begin(Databases databases) throws SQLException {
        return begin(databases, databases.areShared());
    }

    /**
     * Starts a transaction in the control database alone, used for both sides, because the other database may be
     * down.
     */
    static FlipTransactions beginInControl(Databases databases) throws SQLException {
        return begin(databases, true);
    }

    private static FlipTransactions begin(Databases databases, boolean inControlAlone) throws SQLException {
        Connection legacy = databases.control().getConnection();
        try {
            begin(legacy);
            if (inControlAlone) {
                return new FlipTransactions(legacy, legacy);
            }
        } catch (SQLException | RuntimeException e) {
            legacy.close();
            throw e;
        }
        return new FlipTransactions(legacy, beginModern(databases, legacy));
    }

    private static Connection beginModern(Databases databases, Connection legacy) throws SQLException {
        try {
            Connection modern = databases.modern().getConnection();
            begin(modern);
            return modern;
        } catch (SQLException | RuntimeException e) {
            giveBack(legacy);
            throw e;
        }
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        BEGIN.query(connection, row -> 0);
    }

    /** Returns the time for which writers are blocked; it starts with the first lock request, or with this call. */
    Window window() {
        Window open = window;
        if (open == null) {
            open = new Window();
            window = open;
        }
        return open;
    }

    /**
     * Limits the following statements to what is left of the window.
     *
     * @throws SQLException if nothing is left: see {@link #hasRunOut}
     */
    void limit() throws SQLException {
        limit(legacy);
        if (!modern.equals(legacy)) {
            limit(modern);
        }
    }

    private void limit(Connection connection) throws SQLException {
        String left = Long.toString(window().left().toMillis());
        LIMIT.query(connection, row -> 0, left, left, Long.toString(Window.LONGEST.toMillis()));
    }

    /** Tells whether a failure means that an attempt took too long and may be retried. */
    static boolean hasRunOut(Exception failure) {
        return OVER.contains(FailureClass.sqlState(failure));
    }

    /** Returns the connection to a side's database. */
    Connection on(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Returns a jOOQ context within the transaction of a side's database. */
    DSLContext dsl(Side side) {
        return Databases.dsl(on(side));
    }

    /**
     * Blocks writers of the entities, and whoever notes their keys, in both databases; tells whether it got the
     * locks. On the side that does not decide these are captured writers, who depend on the stage too.
     */
    boolean keepWritersOut(List<Step> steps) throws SQLException {
        limit();
        return lock(AuthorityLock.WRITING, steps);
    }

    /** Blocks writes to the entities' mirrors in both databases; tells whether it got the locks. */
    boolean keepAppliersOut(List<Step> steps) throws SQLException {
        limit();
        return lock(AuthorityLock.APPLYING, steps);
    }

    private boolean lock(AuthorityLock lock, List<Step> steps) throws SQLException {
        return lock(lock, legacy, steps) && (modern.equals(legacy) || lock(lock, modern, steps));
    }

    private boolean lock(AuthorityLock lock, Connection connection, List<Step> steps) throws SQLException {
        for (Step step : steps) {
            // A little less than the statement's own limit, so that the obstacle can be reported.
            Duration wait = window().left().multipliedBy(9).dividedBy(10).plusMillis(1);
            if (!lock.lockExclusively(connection, step.entity(), wait)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Commits, the modern database first: the control database's transaction may be idle for longer meanwhile,
     * because ending it in between would leave a change half done.
     *
     * @throws UnavailableException if the control database's commit fails after the modern one's: it is completed later
     */
    void commit() throws SQLException {
        if (!modern.equals(legacy)) {
            CanonicalTransaction.limitSilence(legacy, COMMITTING);
            modern.commit();
        }
        try {
            legacy.commit();
        } catch (SQLException e) {
            throw new UnavailableException(
                    "The change of stages could not be recorded: %s Run the same command again, which completes it."
                            .formatted(ServerMessage.sentence(ServerMessage.withoutValues(e))),
                    e);
        }
    }

    /** Rolls back whatever was not committed and returns the connections. */
    @Override
    public void close() {
        giveBack(legacy);
        if (!modern.equals(legacy)) {
            giveBack(modern);
        }
    }

    private static void giveBack(Connection connection) {
        try (connection) {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is broken, as the previous statement has reported; its pool evicts it.
            return;
        }
    }
}
