package dev.crossfade.schema;

import dev.crossfade.control.Databases;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jooq.DSLContext;

/**
 * Keeps other runners out while it is open: a session-level advisory lock in the control database.
 *
 * <p>Its connection is never in a transaction, and never waits for the lock inside a statement:
 * {@code CREATE INDEX CONCURRENTLY} waits for every transaction and statement that was running before it, and so would
 * wait for this one.
 */
final class RunnerLock implements AutoCloseable {

    /** The first half names Crossfade, the second half the migration runner: "cros", "smig". */
    private static final long KEY = 0x63726f73736d6967L;

    private static final Duration POLLING = Duration.ofMillis(100);

    private final Connection connection;
    private final DSLContext dsl;

    private RunnerLock(Connection connection) {
        this.connection = connection;
        this.dsl = Databases.dsl(connection);
    }

    /**
     * Takes the lock.
     *
     * @throws RefusedException if another session still holds it at the end of the wait; the message names that
     *     session
     */
    static RunnerLock acquire(DataSource control, Duration wait, SchemaListener listener) throws SQLException {
        RunnerLock lock = new RunnerLock(control.getConnection());
        try {
            lock.connection.setAutoCommit(true);
            lock.dsl.execute("select set_config('application_name', 'crossfade migrate', false)");
            lock.await(wait, listener);
            lock.requireHeld();
            return lock;
        } catch (SQLException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private void await(Duration wait, SchemaListener listener) {
        Deadline deadline = Deadline.after(wait);
        boolean told = false;
        while (!dsl.fetchSingle("select pg_try_advisory_lock(?)", KEY).get(0, boolean.class)) {
            String holder = holder();
            if (deadline.isOver()) {
                throw new RefusedException(
                        "Another migration runner is at work: %s has held the lock for more than %s s of waiting. "
                                        .formatted(holder, wait.toSeconds())
                                + "Wait until it has finished, or end that session, then run again.");
            }
            if (!told) {
                listener.runnerAwaited(holder);
                told = true;
            }
            Pause.of(POLLING, RunnerLock::interrupted);
        }
    }

    /**
     * Makes sure that the lock is still held.
     *
     * @throws CrossfadeException if the session was lost, or is shared by a connection pooler
     */
    void requireHeld() {
        boolean held = dsl.fetchSingle("""
                        select exists (select 1 from pg_locks
                                        where locktype = 'advisory' and granted and pid = pg_backend_pid()
                                          and classid::bigint = ? and objid::bigint = ? and objsubid = 1)
                        """, KEY >>> 32, KEY & 0xffffffffL).get(0, boolean.class);
        if (!held) {
            throw new CrossfadeException("The migration runner's lock is not held by its own session. Connect to the "
                    + "server itself and not through a pooler in transaction mode, then run again.");
        }
    }

    /** Returns the exception for a runner that was interrupted while it waited. */
    static CrossfadeException interrupted(InterruptedException cause) {
        return new CrossfadeException("The migration runner was interrupted while it waited. Run it again.", cause);
    }

    private String holder() {
        return dsl.fetch("""
                        select l.pid, coalesce(nullif(a.application_name, ''), 'no application name'),
                               coalesce(host(a.client_addr), 'a local socket')
                          from pg_locks l
                          left join pg_stat_activity a on a.pid = l.pid
                         where l.locktype = 'advisory' and l.granted and l.classid::bigint = ?
                           and l.objid::bigint = ? and l.objsubid = 1
                           and l.database = (select d.oid from pg_database d where d.datname = current_database())
                        """, KEY >>> 32, KEY & 0xffffffffL).stream()
                .findFirst()
                .map(row -> "pid %s (%s, from %s)".formatted(row.get(0), row.get(1), row.get(2)))
                .orElse("a session that has just ended");
    }

    /** Returns the session that holds the lock. It is never in a transaction, and locks that it takes end with it. */
    DSLContext session() {
        return dsl;
    }

    /** Releases the lock and returns the connection in its original state. */
    @Override
    public void close() throws SQLException {
        try (connection) {
            ScriptSession.discard(connection);
        }
    }
}
