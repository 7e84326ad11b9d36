package dev.crossfade.routing;

import dev.crossfade.control.Databases;
import dev.crossfade.guard.Guards;
import dev.crossfade.lossy.LossyWriteLog;
import dev.crossfade.lossy.LossyWrites;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.HeartbeatLostException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.model.StatementException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.PendingKeys;
import dev.crossfade.read.Reads;
import dev.crossfade.read.Tenants;
import dev.crossfade.routing.RoutedTransaction.Ending;
import dev.crossfade.shadow.Sampling;
import dev.crossfade.shadow.ShadowReads;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.stages.StageSnapshot;
import dev.crossfade.stages.Stages;
import dev.crossfade.transaction.JooqTransactions;
import dev.crossfade.transaction.TransactionConnection;
import dev.crossfade.write.EntityWriter;
import dev.crossfade.write.RequestedWrite;
import dev.crossfade.write.Writing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The router's implementation: the session of statements that have a transaction of their own, and what all
 * repositories share.
 */
final class EntityRouter implements Session, Router, AutoCloseable {

    private final Databases databases;
    private final Stages stages;
    private final PendingKeys pending;
    private final RoutingSettings settings;
    private final RoutingListener listener;
    private final Consumer<TableMapping> registration;
    private final AmbientTransactions ambients;
    private final Tenants tenants;
    private final Consumer<Set<String>> usedTogether;
    private final ShadowReads shadowReads;
    private final LossyWrites lossyWrites;
    private final OpenTransactions openTransactions = new OpenTransactions();
    private final Guards guards;
    private final Writing writing;
    private final Map<String, EntityWriter> writers = new ConcurrentHashMap<>();
    private final Map<String, TableMapping> mappings = new ConcurrentHashMap<>();

    EntityRouter(
            Databases databases,
            Stages stages,
            PendingKeys pending,
            RoutingSettings settings,
            RoutingLayer.Wiring wiring) {
        this.databases = databases;
        this.stages = stages;
        this.pending = pending;
        this.settings = settings;
        this.guards = new Guards(settings.mirrorConcurrency());
        this.listener = wiring.listener();
        this.registration = wiring.registration();
        this.ambients = wiring.ambientTransactions();
        this.tenants = wiring.tenants();
        this.usedTogether = wiring.usedTogether();
        this.shadowReads = new ShadowReads(settings.shadow().sampling(), databases, stages, pending, listener);
        Sampling sampling = settings.shadow().sampling();
        this.lossyWrites = new LossyWrites(
                new LossyWriteLog(databases.controlDsl()), sampling.retention(), sampling.kept(), listener);
        this.writing = new Writing(
                databases,
                pending,
                guards,
                lossyWrites,
                new Writing.Options(settings.mirrorBudget(), settings.modernWrite(), settings.lossyWrites(), listener));
    }

    @Override
    public <T> T transaction(Function<Transaction, T> work) {
        return run(work, false);
    }

    @Override
    public <T> T readOnly(Function<Transaction, T> work) {
        return run(work, true);
    }

    /** Returns the implementation behind the public interface. */
    static EntityRouter of(Router router) {
        return switch (router) {
            case EntityRouter routed -> routed;
        };
    }

    private <T> T run(Function<Transaction, T> work, boolean readOnly) {
        RoutedTransaction ambient = ambient();
        if (ambient != null) {
            return partOf(ambient, work);
        }
        return translating(() -> retrying(() -> new OwnTransactions(this).run(work, readOnly)));
    }

    /** Begins a transaction whose stages stay those of this moment. */
    RoutedTransaction begin(TransactionConnection connection, Ending ending) {
        return new RoutedTransaction(this, stages.pin(), connection, ending);
    }

    private @Nullable RoutedTransaction ambient() {
        Participation open = ambients.current(this);
        return switch (open) {
            case null -> null;
            case RoutedTransaction routed -> routed;
        };
    }

    /**
     * If a part fails, the rest must not be committed even if the caller catches the failure, as in the framework's
     * own transactions.
     */
    private static <T> T partOf(RoutedTransaction ambient, Function<Transaction, T> work) {
        try {
            return work.apply(ambient);
        } catch (Throwable e) {
            try {
                ambient.setRollbackOnly();
            } catch (RuntimeException unmarked) {
                e.addSuppressed(unmarked);
            }
            throw e;
        }
    }

    @Override
    public <T> T join(Configuration jooqTransaction, Side side, Function<Transaction, T> work) {
        if (!JooqTransactions.areKeptBy(jooqTransaction)) {
            RoutedTransaction ambient = ambient();
            if (ambient != null) {
                return work.apply(ambient);
            }
        }
        if (!JooqTransactions.isOpen(jooqTransaction)) {
            throw new IllegalArgumentException(
                    "The jOOQ configuration is not in a transaction. Use the one that dsl.transaction(…) hands over, until it returns; a connection without auto-commit is none.");
        }
        Connection connection = Objects.requireNonNull(
                jooqTransaction.connectionProvider().acquire(), "The jOOQ configuration has no connection.");
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException(
                        "The jOOQ configuration is in a transaction, and its connection commits each statement. Do not switch auto-commit on before dsl.transaction(…) returns.");
            }
            ForeignConnection foreign = new ForeignConnection(new JoinedConnection(connection, reachable(side)));
            try (RoutedTransaction transaction = begin(foreign, Ending.ASKED)) {
                return work.apply(transaction);
            }
        } catch (SQLException e) {
            throw new StatementException("Joining the transaction", e);
        } finally {
            jooqTransaction.connectionProvider().release(connection);
        }
    }

    @Override
    public Participation takePart(AmbientTransactions.Connections connections) {
        return begin(new ForeignConnection(connections), Ending.TOLD);
    }

    @Override
    public DSLContext dsl(Side side) {
        return databases.dsl(side);
    }

    @Override
    public Session current() {
        RoutedTransaction ambient = ambient();
        return ambient == null ? this : ambient;
    }

    @Override
    public EntityStage stage(String entity) {
        return stages.current().of(entity);
    }

    @Override
    public int write(EntityWriter writer, String entity, RequestedWrite change) {
        return translating(() -> retrying(() -> {
            StageSnapshot snapshot = stages.pin();
            try {
                return writer.write(snapshot, change).records();
            } finally {
                snapshot.release();
            }
        }));
    }

    @Override
    public List<RecordKey> writeDirectly(Side side, DirectWrite write) {
        try (Connection connection = databases.of(side).getConnection()) {
            return write.run(connection);
        } catch (SQLException e) {
            throw new StatementException("Writing the " + side.label() + " side", e);
        }
    }

    @Override
    public boolean mayBeBehind(String entity) {
        return pending.isAnyPending(entity);
    }

    @Override
    public <S, T> T guarded(Side side, S repository, Function<? super S, T> read) {
        return read.apply(repository);
    }

    @Override
    public Side freshSide(String entity, Side wanted, Side authority) {
        return pending.isAnyPending(entity) ? authority : wanted;
    }

    @Override
    public Side freshSide(String entity, RecordKey key, Side wanted, Side authority) {
        return pending.isPending(entity, key) ? authority : wanted;
    }

    /** Ends the comparison of reads, and stores pending lossy saves. */
    @Override
    public void close() {
        shadowReads.close();
        lossyWrites.close();
    }

    /** Tells whether the calling thread has a transaction open that has written an entity. */
    boolean isWrittenHere(String entity) {
        return openTransactions.haveWritten(entity);
    }

    OpenTransactions openTransactions() {
        return openTransactions;
    }

    /** The mirror of an entity was written, and could not be committed. */
    void mirrorFailedAtCommit(String entity, Side mirror, Throwable failure) {
        guards.mirror(entity).failedAtCommit(failure);
        listener.mirrorMissed(entity, mirror, FailureClass.of(failure));
    }

    Databases databases() {
        return databases;
    }

    PendingKeys pending() {
        return pending;
    }

    RoutingSettings settings() {
        return settings;
    }

    Guards guards() {
        return guards;
    }

    Tenants tenants() {
        return tenants;
    }

    LossyWrites lossyWrites() {
        return lossyWrites;
    }

    ShadowReads shadowReads() {
        return shadowReads;
    }

    void usedTogether(Set<String> entities) {
        usedTogether.accept(entities);
    }

    /** Returns what an entity's reads share. */
    Reads.Shared reads(String entity) {
        return new Reads.Shared(
                guards.modernReads(entity), listener, !listener.equals(RoutingListener.NONE), this::translated);
    }

    /** Returns the mapping of an entity that is in use. */
    TableMapping mapping(String entity) {
        return Objects.requireNonNull(mappings.get(entity));
    }

    /** Returns the writer of an entity, which is registered at its first use. */
    EntityWriter writer(TableMapping mapping) {
        return writers.computeIfAbsent(mapping.entity(), entity -> {
            settings.lossyWrites().requireColumns(mapping);
            registration.accept(mapping);
            mappings.put(entity, mapping);
            return new EntityWriter(mapping, writing);
        });
    }

    /** Translates a failure for the caller; see {@link AmbientTransactions#translated}. */
    RuntimeException translated(RuntimeException failure) {
        return ambients.translated(failure);
    }

    /** Runs work and translates its failures for the caller's framework. */
    private <T> T translating(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /** Runs work, and runs it again if its stage was stale and a newer one has arrived. */
    private <T> T retrying(Supplier<T> work) {
        long deadline = System.nanoTime() + settings.flipPatience().toNanos();
        while (true) {
            try {
                return work.get();
            } catch (StageMovedException e) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative() || !stages.awaitNewer(e.entity(), e.epoch(), left)) {
                    throw new UnavailableException(
                            "The authority of %s is on its way to the other side and has not arrived within %s s. Run `crossfade stage %s`."
                                    .formatted(
                                            e.entity(), settings.flipPatience().toSeconds(), e.entity()),
                            e);
                }
            } catch (HeartbeatLostException e) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative() || !stages.rejoin(e.lease(), left)) {
                    throw e;
                }
            }
        }
    }

    private Set<Side> reachable(Side side) {
        return databases.areShared() ? EnumSet.allOf(Side.class) : EnumSet.of(side);
    }

    /** The connection of a jOOQ transaction. */
    private record JoinedConnection(Connection connection, Set<Side> sides) implements AmbientTransactions.Connections {

        @Override
        public @Nullable Connection on(Side side) {
            return sides.contains(side) ? connection : null;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }
    }
}
