package dev.crossfade.spring.transaction;

import dev.crossfade.model.Side;
import dev.crossfade.routing.AmbientTransactions;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.Transaction;
import java.sql.Connection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A router's part in one of Spring's transactions. Bound to the thread while that transaction is the open one, and told its
 * end: after the commit its intents count, before any other callback runs, so that those see what was written.
 */
final class Participation implements TransactionSynchronization, AmbientTransactions.Connections {

    private final Router router;
    private final @Nullable Held legacy;
    private final @Nullable Held modern;
    private final boolean readOnly;
    private @Nullable Transaction transaction;

    private Participation(Router router, @Nullable Held legacy, @Nullable Held modern) {
        this.router = router;
        this.legacy = legacy;
        this.modern = modern;
        this.readOnly = isForReading()
                && Stream.of(legacy, modern).filter(Objects::nonNull).allMatch(Held::isReadOnly);
    }

    /** Takes part in the transaction that has just been found open on this thread. */
    static Transaction begin(Router router, @Nullable Held legacy, @Nullable Held modern) {
        Participation part = new Participation(router, legacy, modern);
        TransactionSynchronizationManager.registerSynchronization(part);
        TransactionSynchronizationManager.bindResource(router, part);
        Transaction transaction = router.takePart(part);
        part.transaction = transaction;
        return transaction;
    }

    /** Returns the transaction, null once it is over. */
    @Nullable
    Transaction transaction() {
        return transaction;
    }

    @Override
    public @Nullable Connection on(Side side) {
        Held held = side == Side.LEGACY ? legacy : modern;
        return held == null ? null : held.connection();
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void suspend() {
        TransactionSynchronizationManager.unbindResource(router);
    }

    @Override
    public void resume() {
        TransactionSynchronizationManager.bindResource(router, this);
    }

    @Override
    public void afterCommit() {
        end(true);
    }

    /** After a commit whose outcome is unknown the intents count too: applying a key once too often changes nothing. */
    @Override
    public void afterCompletion(int status) {
        TransactionSynchronizationManager.unbindResourceIfPossible(router);
        end(status != STATUS_ROLLED_BACK);
    }

    private void end(boolean committed) {
        Transaction ended = transaction;
        transaction = null;
        if (ended == null) {
            return;
        }
        try (ended) {
            if (committed) {
                ended.committed();
            }
        }
    }

    /**
     * Tells whether the transaction is for reading and each of its statements has a snapshot of its own: only then may
     * reads outside it, on the other side, be mixed with those inside.
     */
    private static boolean isForReading() {
        Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        return TransactionSynchronizationManager.isCurrentTransactionReadOnly()
                && (isolation == null || isolation == TransactionDefinition.ISOLATION_READ_COMMITTED);
    }
}
