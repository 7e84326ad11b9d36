package dev.crossfade.spring.transaction;

import dev.crossfade.model.StatementException;
import dev.crossfade.routing.AmbientTransactions.Connections;
import dev.crossfade.routing.Participation;
import dev.crossfade.routing.Router;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One of Spring's transactions on a connection, and the routers' parts in it. It is found by the connection's holder
 * as long as the transaction exists, even while the synchronization of another manager's inner transaction is the
 * current one. It hears the end: after the commit its intents count before any other callback runs, so that callbacks
 * see what was written.
 */
final class OpenTransaction implements TransactionSynchronization {

    /** Joins any transaction. It is read-only, because a validating manager admits that everywhere. */
    private static final TransactionDefinition PART = part();

    private final ConnectionHolder holder;
    private final @Nullable PlatformTransactionManager manager;
    private final @Nullable OpenTransaction around;
    private final Origin origin;
    private final boolean reading;
    private final Map<Router, Participation> parts = new IdentityHashMap<>(1);
    private boolean completing;
    private boolean over;

    /** How the transaction became known. */
    enum Origin {
        /** Its manager reported its beginning, and will report its end. */
        TOLD,
        /** Its manager reported its beginning, but has no synchronization to report its end. */
        WITHOUT_SYNCHRONIZATION,
        /** It was found open. */
        FOUND
    }

    private OpenTransaction(
            ConnectionHolder holder,
            @Nullable OpenTransaction around,
            Origin origin,
            @Nullable PlatformTransactionManager manager) {
        this.holder = holder;
        this.manager = manager;
        this.around = around;
        this.origin = origin;
        this.reading = isForReading();
    }

    /** Returns what is known of the transaction on a connection, null if nothing is. */
    static @Nullable OpenTransaction on(ConnectionHolder holder) {
        return TransactionSynchronizationManager.getResource(holder) instanceof OpenTransaction known ? known : null;
    }

    /** Tracks a transaction until its end; the current synchronization, if any, is that of its manager. */
    static OpenTransaction begin(ConnectionHolder holder, Origin origin, @Nullable PlatformTransactionManager manager) {
        // A manager that takes over another one's connection begins within the existing transaction.
        OpenTransaction around = on(holder);
        OpenTransaction begun = new OpenTransaction(holder, around, origin, manager);
        if (around != null) {
            TransactionSynchronizationManager.unbindResource(holder);
        }
        TransactionSynchronizationManager.bindResource(holder, begun);
        if (origin != Origin.WITHOUT_SYNCHRONIZATION) {
            TransactionSynchronizationManager.registerSynchronization(begun);
        }
        return begun;
    }

    /** Tells whether its end would not be noticed. */
    boolean isWithoutSynchronization() {
        return origin == Origin.WITHOUT_SYNCHRONIZATION;
    }

    /**
     * Tells whether it runs on the connection of another manager's open transaction, so that its commit commits that
     * one too.
     */
    boolean isTakenOver() {
        return around != null && !around.over;
    }

    /** Tells whether it was committed or rolled back, and only callbacks are still running. */
    boolean isOver() {
        return over;
    }

    /**
     * Tells whether the transaction is read-only and each of its statements has its own snapshot. Only then may reads
     * outside it, on the other side, be mixed with reads inside.
     */
    boolean isReading() {
        return reading;
    }

    /**
     * Returns a router's part in it, null once it is over.
     *
     * @param connections creates the connections, at the router's first use
     */
    @Nullable
    Participation part(Router router, Function<OpenTransaction, Connections> connections) {
        if (over) {
            return null;
        }
        Participation known = parts.get(router);
        if (known == null) {
            known = router.takePart(connections.apply(this));
            parts.put(router, known);
        }
        return known;
    }

    /**
     * Marks it for rollback, as Spring does when a part of it fails. The manager itself does it, because only the
     * manager knows where it keeps the mark, and whether it is configured not to set one. If the manager is not known,
     * the connection's holder gets the mark.
     */
    void setRollbackOnly() {
        if (over) {
            return;
        }
        if (manager == null) {
            holder.setRollbackOnly();
        } else {
            manager.rollback(manager.getTransaction(PART));
        }
    }

    /** Forgets it, when the last callback has run. */
    void forget() {
        if (on(holder) == this) {
            TransactionSynchronizationManager.unbindResource(holder);
            if (around != null) {
                TransactionSynchronizationManager.bindResource(holder, around);
            }
        }
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void beforeCompletion() {
        completing = true;
    }

    @Override
    public void afterCommit() {
        completing = true;
        end(true);
    }

    /**
     * Ends the parts. After a commit with an unknown outcome the intents count too: applying a key once too often
     * changes nothing.
     */
    @Override
    public void afterCompletion(int status) {
        try {
            if (status == STATUS_COMMITTED && origin == Origin.FOUND && !completing && !parts.isEmpty()) {
                commitWhatCallbacksWrote();
            }
            end(status != STATUS_ROLLED_BACK);
        } finally {
            over = true;
            // A manager that reported the beginning also reports when the callbacks have run, except for unknown
            // outcomes.
            if (origin == Origin.FOUND || status == STATUS_UNKNOWN) {
                forget();
            }
        }
    }

    /**
     * Commits what callbacks have written since the commit. The transaction was found only by such a callback, so
     * nobody else would commit that.
     */
    private void commitWhatCallbacksWrote() {
        try {
            if (!holder.getConnection().getAutoCommit()) {
                holder.getConnection().commit();
            }
        } catch (SQLException e) {
            throw new StatementException("Committing what callbacks after the commit of Spring's transaction wrote", e);
        }
    }

    private void end(boolean committed) {
        over = true;
        List<Participation> ended = List.copyOf(parts.values());
        parts.clear();
        if (committed) {
            ended.forEach(Participation::committed);
        }
        ended.forEach(Participation::close);
    }

    private static TransactionDefinition part() {
        DefaultTransactionDefinition definition =
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_MANDATORY);
        definition.setReadOnly(true);
        return definition;
    }

    private static boolean isForReading() {
        Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        return TransactionSynchronizationManager.isCurrentTransactionReadOnly()
                && (isolation == null || isolation == TransactionDefinition.ISOLATION_READ_COMMITTED);
    }
}
