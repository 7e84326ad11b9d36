package dev.crossfade.flags;

import dev.crossfade.control.AuthorityLock;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jooq.DSLContext;

/**
 * The transactions of one attempt to change stages under the entities' locks: one in each database, begun before anything
 * is locked. The server ends a session that is silent for longer than {@link #LONGEST_SILENCE} while it holds the locks, so
 * that a paused process or a mirror that hangs does not hold writers up. Not thread-safe.
 */
final class FlipTransactions implements AutoCloseable {

    /** How long writers wait at most for an attempt that is not going to succeed. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(3);

    private final Connection legacy;
    private final Connection modern;

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
        try (PreparedStatement limit = connection.prepareStatement(
                "set transaction isolation level read committed; select set_config('idle_in_transaction_session_timeout', ?, true)")) {
            limit.setString(1, Long.toString(LONGEST_SILENCE.toMillis()));
            limit.execute();
        }
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
     * Keeps writers of the entities, and whoever notes their keys, out of both databases; tells whether it could. Of the side
     * that does not decide these are captured writers, who go by the stage too.
     */
    boolean keepWritersOut(List<Step> steps) throws SQLException {
        return lock(AuthorityLock.WRITING, steps);
    }

    /** Keeps everybody from writing mirrors of the entities, in both databases; tells whether it could. */
    boolean keepAppliersOut(List<Step> steps) throws SQLException {
        return lock(AuthorityLock.APPLYING, steps);
    }

    private boolean lock(AuthorityLock lock, List<Step> steps) throws SQLException {
        return lock(lock, legacy, steps) && (modern.equals(legacy) || lock(lock, modern, steps));
    }

    private static boolean lock(AuthorityLock lock, Connection connection, List<Step> steps) throws SQLException {
        for (Step step : steps) {
            if (!lock.lockExclusively(connection, step.entity(), LOCK_TIMEOUT)) {
                return false;
            }
        }
        return true;
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
