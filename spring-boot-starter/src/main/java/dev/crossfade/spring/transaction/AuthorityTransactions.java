package dev.crossfade.spring.transaction;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.routing.Participation;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/**
 * A transaction manager for two databases. It begins each transaction in the one that is authoritative at that moment,
 * so the service's code does not change when the authority moves. The stages are pinned from the beginning.
 * Thread-safe.
 *
 * <p>A transaction manager of each side's data source begins and ends that side's transactions. Within a transaction
 * that this manager recognises, whoever began it, further calls join it or follow their propagation. Within one on the
 * same database that it does not know, such as JPA's for a manager of JDBC transactions, calls are refused: they would
 * be committed apart from it, or it with them.
 */
public final class AuthorityTransactions implements PlatformTransactionManager {

    private static final int ATTEMPTS = 5;

    /** Joins any open transaction, or fails. */
    private static final TransactionDefinition EXISTING = existing();

    private static final TransactionDefinition APART =
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);

    private final Crossfade crossfade;
    private final SpringTransactions ambient;
    private final Map<Side, PlatformTransactionManager> managers;
    private final Set<String> entities;
    /** The entities that the fleet knows about. The list is replaced when an entity is added. */
    private volatile List<TableMapping> declared = List.of();

    /**
     * Creates a transaction manager.
     *
     * @param managers one for the data source of each side
     * @param entities the entities written in these transactions, whose authority moves together; empty for all of the
     *     service's
     */
    public AuthorityTransactions(
            Crossfade crossfade,
            SpringTransactions ambient,
            Map<Side, PlatformTransactionManager> managers,
            Collection<String> entities) {
        this.crossfade = crossfade;
        this.ambient = ambient;
        this.managers = new EnumMap<>(managers);
        this.entities = Set.copyOf(entities);
        managers.values().forEach(SpringTransactions::listenTo);
        crossfade.declareTogether(this.entities);
    }

    /**
     * Begins or joins a transaction.
     *
     * @throws RefusedException if the entities have their authority on different sides; if a transaction is open on
     *     this side's database that its manager does not know, or one without synchronization; or if one is open in
     *     each database and this call would have to join one of them
     */
    @Override
    public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
        TransactionDefinition wanted = definition == null ? new DefaultTransactionDefinition() : definition;
        Set<Side> open = open();
        return switch (wanted.getPropagationBehavior()) {
            case TransactionDefinition.PROPAGATION_REQUIRES_NEW -> begin(wanted, open);
            case TransactionDefinition.PROPAGATION_NOT_SUPPORTED -> apart(wanted, open);
            case TransactionDefinition.PROPAGATION_REQUIRED, TransactionDefinition.PROPAGATION_NESTED ->
                open.isEmpty() ? begin(wanted, open) : join(wanted, only(open));
            default -> join(wanted, open.isEmpty() ? Side.LEGACY : only(open));
        };
    }

    @Override
    public void commit(TransactionStatus status) {
        SidedStatus sided = (SidedStatus) status;
        try {
            sided.manager().commit(sided.status());
        } finally {
            sided.resumeOuter();
        }
    }

    @Override
    public void rollback(TransactionStatus status) {
        SidedStatus sided = (SidedStatus) status;
        try {
            sided.manager().rollback(sided.status());
        } finally {
            sided.resumeOuter();
        }
    }

    /** Returns the sides whose managers report an open transaction on this thread. */
    private Set<Side> open() {
        Set<Side> open = EnumSet.noneOf(Side.class);
        ambient.open().forEach((side, held) -> {
            OpenTransaction known = held.transaction();
            if (isKnownToManager(side)) {
                open.add(side);
            } else if (known == null || !known.isOver()) {
                throw new RefusedException(
                        "A transaction is open on the data source of the %s side that crossfadeTransactionManager does not know, as another kind of manager began it or one with another proxy of that data source. Use one manager for each database: name the same one here, or make an AuthorityTransactions bean named crossfadeTransactionManager with that manager, for example JPA's, for this side."
                                .formatted(side.label()));
            }
        });
        return open;
    }

    private boolean isKnownToManager(Side side) {
        PlatformTransactionManager manager = manager(side);
        TransactionStatus part;
        try {
            part = manager.getTransaction(EXISTING);
        } catch (IllegalTransactionStateException e) {
            return false;
        }
        try {
            manager.commit(part);
        } catch (UnexpectedRollbackException e) {
            // It exists and will be rolled back: whoever joins it learns that at the end.
            return true;
        }
        return true;
    }

    private static Side only(Set<Side> open) {
        if (open.size() > 1) {
            throw SpringTransactions.two();
        }
        return open.iterator().next();
    }

    private SidedStatus join(TransactionDefinition wanted, Side side) {
        return join(wanted, side, null);
    }

    private SidedStatus join(TransactionDefinition wanted, Side side, @Nullable SidedStatus outer) {
        PlatformTransactionManager manager = manager(side);
        return new SidedStatus(manager, manager.getTransaction(wanted), outer);
    }

    /** Suspends whatever is open on this thread. */
    private SidedStatus apart(TransactionDefinition wanted, Set<Side> open) {
        Side last = open.isEmpty() ? Side.LEGACY : open.iterator().next();
        return join(wanted, last, suspendAllBut(last, open));
    }

    /** Begins on the authoritative side. The stages are pinned after that, so they are checked again. */
    private SidedStatus begin(TransactionDefinition wanted, Set<Side> open) {
        declareAll();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Side side = authority();
            SidedStatus outer = suspendAllBut(side, open);
            SidedStatus begun = null;
            boolean usable = false;
            try {
                begun = join(wanted, side, outer);
                Participation transaction = Objects.requireNonNull(ambient.current(crossfade.routing()));
                usable = entities().stream()
                        .allMatch(entity -> transaction.pinnedStage(entity).authority() == side);
            } finally {
                if (!usable) {
                    undo(begun, outer);
                }
            }
            if (usable) {
                return begun;
            }
        }
        throw new CannotCreateTransactionException(
                "The authority of %s moved each of the %s times that a transaction was begun. Try again later; see `crossfade status`."
                        .formatted(String.join(", ", entities()), ATTEMPTS));
    }

    /** Registers all entities. If none are named, transactions may contain any of them, so all move together. */
    private void declareAll() {
        List<TableMapping> present = crossfade.mappings();
        if (entities.isEmpty() && !present.equals(declared)) {
            crossfade.declareTogether(entities());
            declared = present;
        }
    }

    private void undo(@Nullable SidedStatus begun, @Nullable SidedStatus outer) {
        if (begun != null) {
            rollback(begun);
        } else if (outer != null) {
            commit(outer);
        }
    }

    /** Suspends the other side's transaction. This side's manager does not see it, and would leave it on the thread. */
    private @Nullable SidedStatus suspendAllBut(Side side, Set<Side> open) {
        return open.contains(side.opposite()) ? join(APART, side.opposite()) : null;
    }

    private Side authority() {
        Map<Side, Set<String>> bySide = new TreeMap<>();
        entities()
                .forEach(
                        entity -> bySide.computeIfAbsent(crossfade.stage(entity).authority(), side -> new TreeSet<>())
                                .add(entity));
        if (bySide.size() > 1) {
            throw new RefusedException(
                    "A transaction runs in one database, and these entities have their authority on different sides: %s. Move those that share transactions together, `crossfade stage %s --to …`, or name in crossfade.transaction-entities which ones do."
                            .formatted(
                                    bySide.entrySet().stream()
                                            .map(side ->
                                                    side.getKey().label() + ": " + String.join(", ", side.getValue()))
                                            .collect(Collectors.joining("; ")),
                                    String.join(" ", new TreeSet<>(entities()))));
        }
        return bySide.isEmpty() ? Side.LEGACY : bySide.keySet().iterator().next();
    }

    private Collection<String> entities() {
        return entities.isEmpty()
                ? crossfade.mappings().stream().map(TableMapping::entity).toList()
                : entities;
    }

    /** Returns a read-only definition: a validating manager refuses read-write parts within a read-only transaction. */
    private static TransactionDefinition existing() {
        DefaultTransactionDefinition definition =
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_MANDATORY);
        definition.setReadOnly(true);
        return definition;
    }

    private PlatformTransactionManager manager(Side side) {
        return Objects.requireNonNull(managers.get(side));
    }

    /**
     * A transaction of one side's manager.
     *
     * @param outer the suspended transaction around it, null if there is none
     */
    private record SidedStatus(
            PlatformTransactionManager manager,
            TransactionStatus status,
            @Nullable SidedStatus outer) implements TransactionStatus {

        void resumeOuter() {
            if (outer != null) {
                outer.manager().commit(outer.status());
            }
        }

        @Override
        public String getTransactionName() {
            return status.getTransactionName();
        }

        @Override
        public boolean hasTransaction() {
            return status.hasTransaction();
        }

        @Override
        public boolean isNewTransaction() {
            return status.isNewTransaction();
        }

        @Override
        public boolean isNested() {
            return status.isNested();
        }

        @Override
        public boolean isReadOnly() {
            return status.isReadOnly();
        }

        @Override
        public void setRollbackOnly() {
            status.setRollbackOnly();
        }

        @Override
        public boolean isRollbackOnly() {
            return status.isRollbackOnly();
        }

        @Override
        public boolean isCompleted() {
            return status.isCompleted();
        }

        @Override
        public boolean hasSavepoint() {
            return status.hasSavepoint();
        }

        @Override
        public void flush() {
            status.flush();
        }

        @Override
        public Object createSavepoint() {
            return status.createSavepoint();
        }

        @Override
        public void rollbackToSavepoint(Object savepoint) {
            status.rollbackToSavepoint(savepoint);
        }

        @Override
        public void releaseSavepoint(Object savepoint) {
            status.releaseSavepoint(savepoint);
        }
    }
}
