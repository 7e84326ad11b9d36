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
 * {@code auto-commit=false} both look the same to JDBC, and what is written on a shared one is never committed. So the
 * connection itself is not asked.
 */
final class DataSourceKey {

    private final DataSource dataSource;
    private final ActiveTransactions active;

    DataSourceKey(DataSource dataSource) {
        this.dataSource = dataSource;
        this.active = new ActiveTransactions(dataSource);
    }

    /** Returns the connection of the transaction that is open here on this thread, null if there is none. */
    @Nullable
    Held held() {
        return TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                        && isTransaction(holder)
                ? new Held(dataSource, holder)
                : null;
    }

    /**
     * The manager's own word counts first; managers that nobody listens to are told from sharing by what they leave.
     */
    private boolean isTransaction(ConnectionHolder holder) {
        return OpenTransaction.on(holder) != null || active.isOpen() || isExposed(holder);
    }

    /**
     * Tells whether the connection belongs to the transaction of an object-relational mapper: its transaction manager
     * hands out a handle of its own, and does not mark the holder, which {@code DataSourceUtils} does whenever it
     * shares one.
     */
    private static boolean isExposed(ConnectionHolder holder) {
        ConnectionHandle handle = holder.getConnectionHandle();
        return handle != null && !(handle instanceof SimpleConnectionHandle) && !holder.isSynchronizedWithTransaction();
    }

    /** Says what each manager of JDBC transactions on a data source would say: whether one of their kind is open. */
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
