package dev.crossfade.spring.transaction;

import dev.crossfade.spring.transaction.OpenTransaction.Origin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Hears which transactions a transaction manager begins, on which connection, and when they are over. Thread-safe. */
final class BegunTransactions implements TransactionExecutionListener {

    private final TransactionManager manager;

    private BegunTransactions(TransactionManager manager) {
        this.manager = manager;
    }

    /** Listens to a manager, once. Has no effect on one that reports nothing. */
    static void listenTo(TransactionManager manager) {
        if (manager instanceof ConfigurableTransactionManager configurable
                && configurable.getTransactionExecutionListeners().stream()
                        .noneMatch(BegunTransactions.class::isInstance)) {
            List<TransactionExecutionListener> listeners = new ArrayList<>();
            listeners.add(new BegunTransactions(manager));
            listeners.addAll(configurable.getTransactionExecutionListeners());
            configurable.setTransactionExecutionListeners(listeners);
        }
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
        ConnectionHolder holder = beginFailure == null ? holder(transaction) : null;
        if (holder != null) {
            boolean synchronizes = ((DefaultTransactionStatus) transaction).isNewSynchronization();
            OpenTransaction.begin(
                    holder,
                    synchronizes ? Origin.TOLD : Origin.WITHOUT_SYNCHRONIZATION,
                    manager instanceof PlatformTransactionManager platform ? platform : null);
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
        forget(transaction);
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable rollbackFailure) {
        forget(transaction);
    }

    private static void forget(TransactionExecution transaction) {
        ConnectionHolder holder = holder(transaction);
        OpenTransaction known = holder == null ? null : OpenTransaction.on(holder);
        if (known != null) {
            known.forget();
        }
    }

    /**
     * Returns the holder of the connection of a transaction that the manager itself began, which excludes savepoints.
     */
    private static @Nullable ConnectionHolder holder(TransactionExecution transaction) {
        return transaction instanceof DefaultTransactionStatus status
                        && status.isNewTransaction()
                        && status.getTransaction() instanceof JdbcTransactionObjectSupport owner
                        && owner.hasConnectionHolder()
                ? owner.getConnectionHolder()
                : null;
    }
}
