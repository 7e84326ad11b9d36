package dev.crossfade.transaction;

import org.jooq.Configuration;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jooq.impl.ThreadLocalTransactionProvider;

/**
 * Whether a jOOQ configuration is in a transaction that jOOQ began and will end. Its connection does not tell: one from
 * a pool with {@code auto-commit=false} looks as if it were in a transaction, and what is written on it is rolled back
 * when it is given back.
 */
public final class JooqTransactions {

    private JooqTransactions() {}

    /**
     * Tells whether jOOQ itself keeps the transactions of a configuration, rather than a framework that is to be asked.
     */
    public static boolean areKeptBy(Configuration configuration) {
        TransactionProvider provider = configuration.transactionProvider();
        return provider instanceof DefaultTransactionProvider
                || provider instanceof ThreadLocalTransactionProvider
                || provider instanceof Savepoints;
    }

    /**
     * Tells whether a configuration is the one of an open transaction. From its beginning to its end, jOOQ keeps the
     * transaction's connection among the data of the configuration that it hands over, and nowhere else.
     */
    public static boolean isOpen(Configuration configuration) {
        return configuration.transactionProvider() instanceof Savepoints
                || configuration.data().values().stream().anyMatch(DefaultConnectionProvider.class::isInstance);
    }
}
