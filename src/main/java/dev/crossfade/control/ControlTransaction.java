package dev.crossfade.control;

import dev.crossfade.sql.SqlState;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * A short transaction on Crossfade's own tables and locks. Instances that start, pollers, commands and in places
 * writers wait for what it holds, so the server ends the session of a process that stands still within it. It is read
 * committed, whatever the role's default: what a lock protects is looked at after it is held.
 *
 * @param database where it runs
 * @param reach what happens between two of its statements
 * @param attempts how often it is begun at most
 */
public record ControlTransaction(DSLContext database, Reach reach, int attempts) {

    private static final int ATTEMPTS_OF_A_START = 3;

    private enum Reach {

        /** Nothing that takes time. */
        ALONE("""
                set transaction isolation level read committed read write;
                set local idle_in_transaction_session_timeout = '2s'
                """),

        /** Statements in the other database, too; still less than what an instance that starts or polls may wait. */
        ACROSS("""
                set transaction isolation level read committed read write;
                set local idle_in_transaction_session_timeout = '4s'
                """);

        private final String settings;

        Reach(String settings) {
            this.settings = settings;
        }
    }

    /** What is done in a transaction, with a result. */
    @FunctionalInterface
    public interface Query<T> {

        /** Does it; the transaction is committed after it, and rolled back where it fails. */
        T run(DSLContext transaction) throws Exception;
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Action {

        /** Does it; the transaction is committed after it, and rolled back where it fails. */
        void run(DSLContext transaction) throws Exception;
    }

    /** Returns one whose statements follow each other at once. */
    public static ControlTransaction on(DSLContext database) {
        return new ControlTransaction(database, Reach.ALONE, 1);
    }

    /** Returns one that stays open while statements run in the other database. */
    public static ControlTransaction across(DSLContext database) {
        return new ControlTransaction(database, Reach.ACROSS, 1);
    }

    /**
     * Returns one that begins again where the server has ended it because the process stood still, as an instance can
     * on a busy machine while it loads its classes. Nothing of the first attempt has been committed then.
     */
    public ControlTransaction retried() {
        return new ControlTransaction(database, reach, ATTEMPTS_OF_A_START);
    }

    /**
     * Runs it.
     *
     * @throws org.jooq.exception.DataAccessException if a statement fails, with SQLSTATE 25P03 where the process stood
     *     still
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

    /** As {@link #result}, without one. */
    public void run(Action action) {
        result(transaction -> {
            action.run(transaction);
            return true;
        });
    }
}
