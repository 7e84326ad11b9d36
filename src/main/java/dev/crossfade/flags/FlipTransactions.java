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
 * The transactions of one attempt to change stages under the entities' locks: one in each database, begun before
 * anything is locked. From the first lock on there is a {@link Window}: no statement may take longer than what is left
 * of it, and the server ends a session that is silent for that long, so that neither a slow statement nor a paused
 * process nor a mirror that hangs holds writers up. Not thread-safe.
 */
final class FlipTransactions implements AutoCloseable {

    /** The server has ended an attempt: a lock, a statement or a silence took longer than the window; or a deadlock. */
    private static final Set<String> OVER = Set.of(
            SqlState.LOCK_NOT_AVAILABLE,
            SqlState.QUERY_CANCELED,
            SqlState.IDLE_IN_TRANSACTION_TIMEOUT,
            SqlState.DEADLOCK_DETECTED);

    /** So that a policy hides no row, whose key would be handed out once more; the session has nothing else to read. */
    private static final TextStatement BEGIN = new TextStatement("""
            set transaction isolation level read committed;
            select set_config('idle_in_transaction_session_timeout', '10s', true), set_config('row_security', 'off', true)
            """);

    private static final TextStatement LIMIT = new TextStatement("""
            select set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true),
                   set_config('idle_in_transaction_session_timeout', ?, true)
            """);

    /** How long the control database's transaction may be silent while the modern one's commits. */
    private static final Duration COMMITTING = Duration.ofSeconds(2);

    private final Connection legacy;
    private final Connection modern;
    private @Nullable Window window;

    private FlipTransactions(Connection legacy, Connection modern) {
        this.legacy = legacy;
        this.modern = modern;
    }

    /** Begins in both databases. */
    static FlipTransactions begin(Databases databases) throws SQLException {
        return begin(databases, databases.areShared());
    }

    /** Begins in the control database alone, which serves for the other one too: that may be down. */
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

    /**
     * Returns the time for which writers are kept out, which begins with the first lock that is asked for, or with this
     * call.
     */
    Window window() {
        Window open = window;
        if (open == null) {
            open = new Window();
            window = open;
        }
        return open;
    }

    /**
     * Lets no statement that follows take longer than what is left of the window.
     *
     * @throws SQLException if nothing is: see {@link #hasRunOut}
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

    /** Tells whether a failure means that an attempt has taken too long, and may be made again. */
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
     * Keeps writers of the entities, and whoever notes their keys, out of both databases; tells whether it could. Of
     * the side that does not decide these are captured writers, who go by the stage too.
     */
    boolean keepWritersOut(List<Step> steps) throws SQLException {
        limit();
        return lock(AuthorityLock.WRITING, steps);
    }

    /** Keeps everybody from writing mirrors of the entities, in both databases; tells whether it could. */
    boolean keepAppliersOut(List<Step> steps) throws SQLException {
        limit();
        return lock(AuthorityLock.APPLYING, steps);
    }

    private boolean lock(AuthorityLock lock, List<Step> steps) throws SQLException {
        return lock(lock, legacy, steps) && (modern.equals(legacy) || lock(lock, modern, steps));
    }

    private boolean lock(AuthorityLock lock, Connection connection, List<Step> steps) throws SQLException {
        for (Step step : steps) {
            // A little less than the statement's own limit, so that it is told what was in the way.
            Duration wait = window().left().multipliedBy(9).dividedBy(10).plusMillis(1);
            if (!lock.lockExclusively(connection, step.entity(), wait)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Commits, the modern database first: the control database's transaction may be silent for longer meanwhile, as an
     * end in between leaves a change half done.
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

    /** Rolls back what was not committed, and gives the connections back. */
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
            // The connection is broken, which the statement before has reported already; its pool drops it.
            return;
        }
    }
}
