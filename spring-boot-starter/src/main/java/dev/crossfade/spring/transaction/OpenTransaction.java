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
 * One of Spring's transactions on a connection, and what routers do in it. Found by the connection's holder as long as
 * the transaction is there, also while the synchronization of another manager's transaction within it is the current
 * one. Told its end: after the commit its intents count, before any other callback runs, so that those see what was
 * written.
 */
final class OpenTransaction implements TransactionSynchronization {

    /** A part of a transaction, whatever its kind; for reading, as a manager that validates admits that everywhere. */
    private static final TransactionDefinition PART = part();

    private final ConnectionHolder holder;
    private final @Nullable PlatformTransactionManager manager;
    private final @Nullable OpenTransaction around;
    private final Origin origin;
    private final boolean reading;
    private final Map<Router, Participation> parts = new IdentityHashMap<>(1);
    private boolean completing;
    private boolean over;

    /** How it is known. */
    enum Origin {
        /** Its manager told of its beginning, and tells its end. */
        TOLD,
        /** Its manager told of its beginning, and has no synchronization by which to tell its end. */
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

    /** Keeps a transaction in mind until its end; the current synchronization, if any, is that of its manager. */
    static OpenTransaction begin(ConnectionHolder holder, Origin origin, @Nullable PlatformTransactionManager manager) {
        // A manager that takes a connection over from another one begins within the transaction that is there.
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
     * too.
     */
    boolean isTakenOver() {
        return around != null && !around.over;
    }

    /** Tells whether it was committed or rolled back, and only callbacks still run. */
    boolean isOver() {
        return over;
    }

    /**
     * Tells whether the transaction is for reading and each of its statements has a snapshot of its own: only then may
     * reads outside it, on the other side, be mixed with those inside.
     */
    boolean isReading() {
        return reading;
    }

    /**
     * Returns a router's part in it, null once it is over.
     *
     * @param connections makes the connections, at the router's first use
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
     * Marks it as one to be rolled back, as Spring does when a part of it fails: by the manager's own means, as only
     * that knows where it keeps the mark, and whether it is told not to. Where the manager is not known, the
     * connection's holder has it.
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

    /** After a commit whose outcome is unknown the intents count too: applying a key once too often changes nothing. */
    @Override
    public void afterCompletion(int status) {
        try {
            if (status == STATUS_COMMITTED && origin == Origin.FOUND && !completing && !parts.isEmpty()) {
                commitWhatCallbacksWrote();
            }
            end(status != STATUS_ROLLED_BACK);
        } finally {
            over = true;
            // A manager that told of the beginning tells when the callbacks have run, but for outcomes that it does not
            // know.
            if (origin == Origin.FOUND || status == STATUS_UNKNOWN) {
                forget();
            }
        }
    }

    /**
     * It was found by a callback after its commit, so that nobody would commit what was written on its connection
     * since.
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
