package dev.crossfade.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;

/**
 * Turns jOOQ transactions within a transaction of ours into savepoints; jOOQ's own provider would commit everything.
 */
public final class Savepoints implements TransactionProvider {

    private final Runnable afterRollback;
    private final Deque<Savepoint> open = new ArrayDeque<>();

    /** Creates a provider that calls {@code afterRollback} after each rollback to a savepoint. */
    public Savepoints(Runnable afterRollback) {
        this.afterRollback = afterRollback;
    }

    @Override
    public void begin(TransactionContext context) {
        run(context, connection -> open.push(connection.setSavepoint()));
    }

    @Override
    public void commit(TransactionContext context) {
        run(context, connection -> connection.releaseSavepoint(open.pop()));
    }

    @Override
    public void rollback(TransactionContext context) {
        run(context, connection -> connection.rollback(open.pop()));
        afterRollback.run();
    }

    private interface SavepointCall {
        void on(Connection connection) throws SQLException;
    }

    private static void run(TransactionContext context, SavepointCall step) {
        context.configuration().dsl().connection(connection -> {
            try {
                step.on(connection);
            } catch (SQLException e) {
                throw new DataAccessException("A savepoint of the transaction failed.", e);
            }
        });
    }
}
