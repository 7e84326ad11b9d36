package dev.crossfade.transaction;

import org.jooq.Configuration;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jooq.impl.ThreadLocalTransactionProvider;

/**
 * Tells whether a jOOQ configuration is in a transaction that jOOQ began and will end. Its connection does not show
 * that: one from a pool with {@code auto-commit=false} looks as if it were in a transaction, and its writes are
 * rolled back when it is returned to the pool.
 */
public final class JooqTransactions {

    private JooqTransactions() {}

    /** Tells whether jOOQ itself manages the transactions of a configuration, rather than a framework. */
    public static boolean areKeptBy(Configuration configuration) {
        TransactionProvider provider = configuration.transactionProvider();
        return provider instanceof DefaultTransactionProvider
                || provider instanceof ThreadLocalTransactionProvider
                || provider instanceof Savepoints;
    }

    /**
     * Tells whether a configuration belongs to an open transaction. While it is open, jOOQ keeps the transaction's
     * connection in the data of the configuration that it hands over, and nowhere else.
     */
    public static boolean isOpen(Configuration configuration) {
        return configuration.transactionProvider() instanceof Savepoints
                || configuration.data().values().stream().anyMatch(DefaultConnectionProvider.class::isInstance);
    }
}
