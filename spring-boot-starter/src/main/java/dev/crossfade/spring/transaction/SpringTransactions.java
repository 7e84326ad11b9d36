package dev.crossfade.spring.transaction;

import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.routing.AmbientTransactions;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.Transaction;
import java.util.Collection;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions that Spring has open: within {@code @Transactional} or a {@code TransactionTemplate} a repository that
 * is bound to nothing runs on the connection of that transaction. Mirror writes and intents are committed and rolled back
 * with it, and the stages are those of the repository's first use in it until it ends. Joined are the transactions of
 * {@code DataSourceTransactionManager}, {@code JdbcTransactionManager}, and {@code JpaTransactionManager} where its
 * dialect shows the JDBC connection, as Hibernate's does. Without a transaction nothing is done or allocated. Thread-safe.
 *
 * <p>Once a transaction is committed, what its callbacks (listeners after the commit) do through a repository has a
 * transaction of its own.
 */
public final class SpringTransactions implements AmbientTransactions {

    private final DataSourceKeys legacyKeys;
    private final DataSourceKeys modernKeys;
    private final boolean shared;
    private final OtherTransactions others;

    private SpringTransactions(
            DataSource legacy, DataSource modern, Collection<DataSource> known, OtherTransactions others) {
        this.legacyKeys = DataSourceKeys.of(legacy, known);
        this.modernKeys = DataSourceKeys.of(modern, known);
        this.shared = DataSourceKeys.isSame(legacy, modern);
        this.others = others;
    }

    /**
     * Returns the transactions on some data sources.
     *
     * @param legacy the data source of the legacy side, as Crossfade has it
     * @param modern the data source of the modern side, the same one where one database has both schemas
     * @param known all data sources of the service: wrappers around these two, which transaction managers may have
     * @param others what to do in transactions on none of them
     */
    public static SpringTransactions on(
            DataSource legacy, DataSource modern, Collection<DataSource> known, OtherTransactions others) {
        return new SpringTransactions(legacy, modern, known, others);
    }

    /** Tells whether two data sources are the same one beneath their wrappers. */
    public static boolean isSameDatabase(DataSource one, DataSource other) {
        return DataSourceKeys.isSame(one, other);
    }

    /**
     * Returns the transaction that is open on this thread.
     *
     * @throws RefusedException if one is open on another data source alone, unless that is to be ignored, or if two are
     *     open, one within the other, on one side each
     */
    @Override
    public @Nullable Transaction current(Router router) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            return null;
        }
        if (TransactionSynchronizationManager.getResource(router) instanceof Participation known) {
            return known.transaction();
        }
        // Without synchronization the transaction is over: its last callbacks run.
        return TransactionSynchronizationManager.isSynchronizationActive() ? takePart(router) : null;
    }

    /** Returns the side whose database has a transaction open on this thread, null if none has. */
    @Nullable
    Side openSide() {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            for (Side side : Side.values()) {
                if (held(side) != null) {
                    return side;
                }
            }
        }
        return null;
    }

    private @Nullable Transaction takePart(Router router) {
        Held legacy = held(Side.LEGACY);
        Held modern = shared ? legacy : held(Side.MODERN);
        if (legacy == null && modern == null) {
            if (others == OtherTransactions.IGNORE) {
                return null;
            }
            throw new RefusedException(
                    "A transaction%s is open on this thread, and none on %s, so the statements of a repository would not be part of it. Name the transaction manager of that data source, as in @Transactional(\"…\"), or set crossfade.other-transactions to ignore, which gives these statements transactions of their own."
                            .formatted(
                                    name(), shared ? "Crossfade's data source" : "either of Crossfade's data sources"));
        }
        if (!shared && legacy != null && modern != null) {
            throw new RefusedException(
                    "Two transactions are open on this thread%s, one in the legacy and one in the modern database: whether a statement is part of the one or the other is not known. Begin one of them, in the database of the authoritative side, or use crossfadeTransactionManager."
                            .formatted(name()));
        }
        return Participation.begin(router, legacy, modern);
    }

    private @Nullable Held held(Side side) {
        return (side == Side.LEGACY ? legacyKeys : modernKeys).held();
    }

    private static String name() {
        String name = TransactionSynchronizationManager.getCurrentTransactionName();
        return name == null ? "" : " ('" + name + "')";
    }
}
