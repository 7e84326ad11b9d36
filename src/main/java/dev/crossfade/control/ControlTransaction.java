package dev.crossfade.control;

import dev.crossfade.sql.SqlState;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * A short transaction on Crossfade's own tables and locks. Starting instances, pollers, commands and sometimes
 * writers wait for its locks, so the server ends the session of a process that is paused within it. It is read
 * committed, whatever the role's default: what a lock protects is read after the lock is held.
 *
 * @param database the database that it runs in
 * @param reach what may happen between two of its statements
 * @param attempts how often it is started at most
 */
public record ControlTransaction(DSLContext database, Reach reach, int attempts) {

    private static final int ATTEMPTS_OF_A_START = 3;

    private enum Reach {

        /** Nothing slow happens between statements. */
        ALONE("""
                set transaction isolation level read committed read write;
                set local idle_in_transaction_session_timeout = '2s'
                """),

        /**
         * Statements in the other database run in between. The limit is below what a starting or polling instance may
         * wait.
         */
        ACROSS("""
                set transaction isolation level read committed read write;
                set local idle_in_transaction_session_timeout = '4s'
                """);

        private final String settings;

        Reach(String settings) {
            this.settings = settings;
        }
    }

    /** Work in a transaction, with a result. */
    @FunctionalInterface
    public interface Query<T> {

        /** Does the work; the transaction commits afterwards, or rolls back if this throws. */
        T run(DSLContext transaction) throws Exception;
    }

    /** Work in a transaction. */
    @FunctionalInterface
    public interface Action {

        /** Does the work; the transaction commits afterwards, or rolls back if this throws. */
        void run(DSLContext transaction) throws Exception;
    }

    /** Returns one whose statements follow each other without delay. */
    public static ControlTransaction on(DSLContext database) {
        return new ControlTransaction(database, Reach.ALONE, 1);
    }

    /** Returns one that stays open while statements run in the other database. */
    public static ControlTransaction across(DSLContext database) {
        return new ControlTransaction(database, Reach.ACROSS, 1);
    }

    /**
     * Returns one that starts again if the server ended it because the process was paused, as happens on a busy
     * machine while an instance loads its classes. The first attempt committed nothing then.
     */
    public ControlTransaction retried() {
        return new ControlTransaction(database, reach, ATTEMPTS_OF_A_START);
    }

    /**
     * Runs it.
     *
     * @throws org.jooq.exception.DataAccessException if a statement fails, with SQLSTATE 25P03 if the process was
     *         paused
     */
    public <T> T result(Query<T> query) {
        for (int attempt = 1; ; attempt++) {
            try {
                return database.transactionResult(transaction -> {
                    transaction.dsl().execute(reach.settings);
                    return query.run(transaction.dsl());
                });
            } catch (DataAccessException e) {
                if (attempt == attempts || !SqlState.IDLE_IN_TRANSACTION_TIMEOUT.equals(e.sqlState())) {
                    throw e;
                }
            }
        }
    }

    /** As {@link #result}, without a result. */
    public void run(Action action) {
        result(transaction -> {
            action.run(transaction);
            return true;
        });
    }
}
