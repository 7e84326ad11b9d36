package dev.crossfade.spring.transaction;

import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.routing.AmbientTransactions;
import dev.crossfade.routing.Participation;
import dev.crossfade.routing.Router;
import dev.crossfade.spring.transaction.OpenTransaction.Origin;
import java.sql.Connection;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lets repositories join Spring's open transactions. Within {@code @Transactional} or a {@code TransactionTemplate}, a
 * repository that is not bound to a transaction runs on the connection of that one. Mirror writes and intents are
 * committed and rolled back with it, and the stages stay those of the repository's first use until it ends. It joins
 * transactions of {@code DataSourceTransactionManager}, {@code JdbcTransactionManager}, and
 * {@code JpaTransactionManager} if its dialect exposes the JDBC connection, as Hibernate's does. Thread-safe.
 *
 * <p>Whether a transaction is open is learned from its manager, never from a connection's auto-commit: a pool may hand
 * out connections without auto-commit that belong to no transaction. A manager for which {@link #listenTo} was called
 * reports each transaction that it begins; those of others are recognised by what they leave on the thread.
 *
 * <p>After a commit, each repository call from the transaction's callbacks (listeners after the commit) has a
 * transaction of its own.
 */
public final class SpringTransactions implements AmbientTransactions {

    private final DataSourceKeys legacyKeys;
    private final DataSourceKeys modernKeys;
    private final boolean shared;
    private final OtherTransactions others;
    private final boolean translating;

    private SpringTransactions(
            DataSource legacy,
            DataSource modern,
            Collection<DataSource> known,
            OtherTransactions others,
            boolean translating) {
        this.legacyKeys = DataSourceKeys.of(legacy, known);
        this.modernKeys = DataSourceKeys.of(modern, known);
        this.shared = DataSourceKeys.isSame(legacy, modern);
        this.others = others;
        this.translating = translating;
    }

    /**
     * Returns the transactions on some data sources.
     *
     * @param legacy the data source of the legacy side that Crossfade uses
     * @param modern the data source of the modern side, the same one where one database has both schemas
     * @param known all data sources of the service; transaction managers may use wrappers around the two
     * @param others what to do in transactions on neither of the two
     * @param translating whether repositories throw Spring's exceptions, see {@link CrossfadeExceptionTranslator};
     *     otherwise Crossfade's and jOOQ's own
     */
    public static SpringTransactions on(
            DataSource legacy,
            DataSource modern,
            Collection<DataSource> known,
            OtherTransactions others,
            boolean translating) {
        return new SpringTransactions(legacy, modern, known, others, translating);
    }

    /** As the other method, with Spring's exceptions. */
    public static SpringTransactions on(
            DataSource legacy, DataSource modern, Collection<DataSource> known, OtherTransactions others) {
        return on(legacy, modern, known, others, true);
    }

    @Override
    public RuntimeException translated(RuntimeException failure) {
        return translating ? CrossfadeExceptionTranslator.translated(failure) : failure;
    }

    /**
     * Makes a transaction manager report the transactions that it begins. The auto-configuration does this for every
     * manager in the application context, whatever its data source; call it for managers created elsewhere. Without
     * it, two things about a transaction are not known: whether a callback runs after its commit, unless the
     * transaction itself used a repository; and whether it has synchronization, once a transaction of a manager with
     * synchronization has joined it.
     */
    public static void listenTo(TransactionManager manager) {
        BegunTransactions.listenTo(manager);
    }

    /** Tells whether two data sources are the same one beneath their wrappers. */
    public static boolean isSameDatabase(DataSource one, DataSource other) {
        return DataSourceKeys.isSame(one, other);
    }

    /**
     * Returns this thread's open transaction.
     *
     * @throws RefusedException if the only open one is on another data source, unless that is to be ignored; if two
     *     are open, one within the other, on one side each or on one connection; if its manager has no
     *     synchronization, without which its end goes unnoticed; or if its connection is in auto-commit although its
     *     manager has begun a transaction
     */
    @Override
    public @Nullable Participation current(Router router) {
        Held legacy = legacyKeys.held();
        Held modern = shared ? null : modernKeys.held();
        if (legacy != null && modern != null) {
            throw two();
        }
        if (legacy != null) {
            return part(router, Side.LEGACY, legacy);
        }
        return modern == null ? outside() : part(router, Side.MODERN, modern);
    }

    /**
     * Returns the connections of this thread's open transactions, by side.
     *
     * @throws RefusedException if one has no synchronization
     */
    Map<Side, Held> open() {
        Map<Side, Held> open = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            Held held = (side == Side.LEGACY ? legacyKeys : modernKeys).held();
            if (held != null) {
                requireSynchronization(side, held);
                open.put(side, held);
            }
        }
        return open;
    }

    /** Returns the refusal for two open transactions, because a guess which one is meant may be wrong. */
    static RefusedException two() {
        return new RefusedException(
                "Two transactions are open on this thread%s, one in the legacy and one in the modern database: whether a statement is part of the one or the other is not known. Begin one of them, in the database of the authoritative side, or use crossfadeTransactionManager."
                        .formatted(name()));
    }

    private @Nullable Participation part(Router router, Side side, Held held) {
        requireSynchronization(side, held);
        OpenTransaction known = held.transaction();
        if (known == null) {
            if (!TransactionSynchronizationManager.isSynchronizationActive()) {
                // The transaction is over: its last callbacks run.
                return null;
            }
            known = OpenTransaction.begin(held.holder(), Origin.FOUND, null);
        }
        if (known.isTakenOver()) {
            throw new RefusedException(
                    "Two transactions of different managers are open on one connection of %s, as JPA's manager does not show its own to that of JDBC: the end of the inner one%s is the end of both. Use one manager for this data source; with JPA that is the JpaTransactionManager, also for JDBC."
                            .formatted(dataSource(side), name()));
        }
        return known.part(router, transaction -> connections(transaction, side, held));
    }

    private HeldConnections connections(OpenTransaction transaction, Side side, Held held) {
        if (held.commitsEachStatement()) {
            throw new RefusedException(
                    "A transaction is open on %s, and its connection commits each statement by itself, so nothing could be rolled back. Where Hibernate has hibernate.connection.provider_disables_autocommit, set the pool's auto-commit to false, as in spring.datasource.hikari.auto-commit=false; nothing else may switch it on within a transaction."
                            .formatted(dataSource(side)));
        }
        return new HeldConnections(
                transaction, held, shared ? null : side, transaction.isReading() && held.isReadOnly());
    }

    /** Refuses a transaction without synchronization: nobody would report its end, so its intents would never count. */
    private void requireSynchronization(Side side, Held held) {
        OpenTransaction known = held.transaction();
        boolean without = known == null
                ? !TransactionSynchronizationManager.isSynchronizationActive()
                        && !TransactionSynchronizationManager.isActualTransactionActive()
                : known.isWithoutSynchronization();
        if (without) {
            throw new RefusedException(
                    "The transaction that is open on %s has no synchronization, so its end would go unnoticed. Remove setTransactionSynchronization(SYNCHRONIZATION_NEVER) from its transaction manager; SYNCHRONIZATION_ALWAYS, the default, and SYNCHRONIZATION_ON_ACTUAL_TRANSACTION will do. Or call the repository outside this transaction."
                            .formatted(dataSource(side)));
        }
    }

    /** Handles a call without a transaction on either database. */
    private @Nullable Participation outside() {
        if (others == OtherTransactions.REFUSE
                && TransactionSynchronizationManager.isActualTransactionActive()
                // Without synchronization the transaction is over: its last callbacks run.
                && TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new RefusedException(
                    "A transaction%s is open on this thread, and none on %s, so the statements of a repository would not be part of it. Name the transaction manager of that data source, as in @Transactional(\"…\"), or set crossfade.other-transactions to ignore, which gives these statements transactions of their own."
                            .formatted(
                                    name(), shared ? "Crossfade's data source" : "either of Crossfade's data sources"));
        }
        return null;
    }

    private String dataSource(Side side) {
        return shared ? "Crossfade's data source" : "the data source of the " + side.label() + " side";
    }

    private static String name() {
        String name = TransactionSynchronizationManager.getCurrentTransactionName();
        return name == null ? "" : " ('" + name + "')";
    }

    /**
     * The connections of a transaction.
     *
     * @param only the side that it reaches, null if both schemas are in its database
     */
    private record HeldConnections(
            OpenTransaction transaction,
            Held held,
            @Nullable Side only,
            boolean isReadOnly) implements Connections {

        @Override
        public void setRollbackOnly() {
            transaction.setRollbackOnly();
        }

        @Override
        public @Nullable Connection on(Side side) {
            return only == null || only == side ? held.connection() : null;
        }
    }
}
