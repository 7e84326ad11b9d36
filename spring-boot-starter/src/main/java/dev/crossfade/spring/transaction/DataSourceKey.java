package dev.crossfade.spring.transaction;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHandle;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SimpleConnectionHandle;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A data source under which Spring may hold the connection of a transaction. Thread-safe.
 *
 * <p>Spring holds connections for two reasons: a transaction manager began a transaction on it, or statements outside
 * any transaction on this data source share it until the transaction of another manager ends. In a pool with
 * {@code auto-commit=false} both look the same to JDBC, and writes on a shared connection are never committed. So this
 * class does not ask the connection itself.
 */
final class DataSourceKey {

    private final DataSource dataSource;
    private final ActiveTransactions active;

    DataSourceKey(DataSource dataSource) {
        this.dataSource = dataSource;
        this.active = new ActiveTransactions(dataSource);
    }

    /** Returns the connection of this thread's open transaction, null if there is none. */
    @Nullable
    Held held() {
        return TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                        && isTransaction(holder)
                ? new Held(dataSource, holder)
                : null;
    }

    /**
     * Tells whether the connection belongs to a transaction. The manager's own report counts first; without one, what
     * the manager leaves on the thread tells a transaction from sharing.
     */
    private boolean isTransaction(ConnectionHolder holder) {
        return OpenTransaction.on(holder) != null || active.isOpen() || isExposed(holder);
    }

    /**
     * Tells whether the connection belongs to an object-relational mapper's transaction. Its transaction manager
     * exposes its own handle and does not mark the holder; {@code DataSourceUtils} marks it whenever it shares a
     * connection.
     */
    private static boolean isExposed(ConnectionHolder holder) {
        ConnectionHandle handle = holder.getConnectionHandle();
        return handle != null && !(handle instanceof SimpleConnectionHandle) && !holder.isSynchronizedWithTransaction();
    }

    /** Tells whether a JDBC transaction is open on a data source, as any manager of such transactions would see it. */
    @SuppressWarnings("serial")
    private static final class ActiveTransactions extends DataSourceTransactionManager {

        ActiveTransactions(DataSource dataSource) {
            super(dataSource);
        }

        boolean isOpen() {
            return isExistingTransaction(doGetTransaction());
        }
    }
}
