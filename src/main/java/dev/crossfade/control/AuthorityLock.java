package dev.crossfade.control;

import dev.crossfade.sql.SqlState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The two advisory locks of an entity, each held until the end of a transaction. Take the lock in one statement and
 * read what it protects in the next: the snapshot of the locking statement is from before the wait.
 */
public enum AuthorityLock {

    /**
     * Held shared, in the database of the side that decides, by routed writers of the fenced stages, by captured
     * writers, and by whoever notes a key without having written it. The flip holds it exclusively while it drains
     * the backlog.
     */
    WRITING("crossfade/authority/"),

    /**
     * Held shared by whoever writes a mirror outside a routed write: in the mirror's transaction and in the one in
     * the control database. The flip holds it exclusively from its last look at the backlog to its commit.
     */
    APPLYING("crossfade/applying/");

    private final String prefix;

    AuthorityLock(String prefix) {
        this.prefix = prefix;
    }

    /** Returns the name whose 64-bit hash is the lock. */
    public String name(String entity) {
        return prefix + entity;
    }

    /**
     * Holds the lock shared until the transaction ends.
     *
     * @throws SQLException if the lock cannot be acquired within the transaction's {@code lock_timeout}
     */
    public void share(Connection connection, String entity) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock_shared(hashtextextended(?, 0))")) {
            lock.setString(1, name(entity));
            lock.execute();
        }
    }

    /** Waits until it holds the lock exclusively; tells whether it does. If not, the transaction has failed. */
    public boolean lockExclusively(Connection connection, String entity, Duration atMost) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "select set_config('lock_timeout', ?, true); select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, Long.toString(atMost.toMillis()));
            lock.setString(2, name(entity));
            lock.execute();
            return true;
        } catch (SQLException e) {
            if (SqlState.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }
}
