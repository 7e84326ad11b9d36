package dev.crossfade.routing;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.StatementException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.PendingKeys;
import dev.crossfade.routing.RoutedTransaction.Ending;
import dev.crossfade.shadow.ShadowReads;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.stages.StageSnapshot;
import dev.crossfade.stages.Stages;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
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
 * What all repositories of a service share: the databases, the stages, the pending keys and a circuit breaker for each
 * entity's mirror. Thread-safe.
 */
public final class Router implements Session, AutoCloseable {

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
    private final Map<String, EntityWriter> writers = new ConcurrentHashMap<>();
    private final Map<String, TableMapping> mappings = new ConcurrentHashMap<>();
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(5)
            .failureRateThreshold(50)
            .slowCallRateThreshold(50)
            .slowCallDurationThreshold(Duration.ofSeconds(1))
            .waitIntervalFunctionInOpenState(
                    IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(10)))
            .permittedNumberOfCallsInHalfOpenState(1)
            .writableStackTraceEnabled(false)
            .build());
    private final BulkheadRegistry bulkheads;
    private final Map<String, ModernReads> modernReads = new ConcurrentHashMap<>();

    /** Makes a router. */
    public Router(Databases databases, Stages stages, PendingKeys pending, RoutingSettings settings, Wiring wiring) {
        this.databases = databases;
        this.stages = stages;
        this.pending = pending;
        this.settings = settings;
        this.bulkheads = BulkheadRegistry.of(BulkheadConfig.custom()
                .maxConcurrentCalls(settings.mirrorConcurrency())
                .maxWaitDuration(Duration.ZERO)
                .writableStackTraceEnabled(false)
                .build());
        this.listener = wiring.listener();
        this.registration = wiring.registration();
        this.ambients = wiring.ambientTransactions();
        this.tenants = wiring.tenants();
        this.usedTogether = wiring.usedTogether();
        this.shadowReads = new ShadowReads(settings.shadow().sampling(), databases, stages, pending, listener);
        this.lossyWrites = new LossyWrites(
                new LossyWriteLog(databases.controlDsl()), settings.shadow().sampling(), listener);
    }

    /**
     * Whom a router tells what.
     *
     * @param registration told each entity's mapping before it is first used
     * @param listener told what happens
     * @param tenants asked whose record a key is
     * @param ambientTransactions where repositories find the transaction that they are called in
     * @param usedTogether told the entities that a transaction used, which may have written, where they are more than
     *     one
     */
    public record Wiring(
            Consumer<TableMapping> registration,
            RoutingListener listener,
            Tenants tenants,
            AmbientTransactions ambientTransactions,
            Consumer<Set<String>> usedTogether) {}

    /**
     * Runs {@code work} in one transaction and commits it; an exception rolls everything back, mirror writes and
     * intents too. When the authority of an entity moves before the transaction has written it, the work is run again,
     * so it should have no effects outside the database. Within a transaction of the caller's framework, the work
     * becomes a part of that one, which commits it and is not run again; an exception marks it to be rolled back,
     * whoever catches it.
     *
     * @throws StatementException if the commit fails
     */
    public <T> T transaction(Function<Transaction, T> work) {
        return run(work, false);
    }

    /**
     * As {@link #transaction}, for reading alone: the database refuses writes. Between two databases the side that the
     * stage asks for answers each read, the one that the transaction does not run in outside its snapshot.
     */
    public <T> T readOnly(Function<Transaction, T> work) {
        return run(work, true);
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

    /** Whoever catches the failure of a part must not commit the rest, as in the framework's own transactions. */
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

    /**
     * Runs {@code work} in a jOOQ transaction that the caller began and ends. The transaction must be on the database
     * of the authoritative side; when {@link StageMovedException} is thrown, roll it back and run it again. Where the
     * caller's framework keeps jOOQ's transactions, as Spring's transaction manager may, the work becomes a part of the
     * one that the framework has open.
     *
     * @param jooqTransaction the configuration that {@code dsl.transaction(…)} handed over
     * @throws IllegalArgumentException if that is not in a transaction; the auto-commit of its connection does not
     *     count
     */
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

    /**
     * For {@link AmbientTransactions}: begins to take part in a framework's transaction. The stages stay those of this
     * moment until {@link Participation#close()}.
     */
    public Participation takePart(AmbientTransactions.Connections connections) {
        return begin(new ForeignConnection(connections), Ending.TOLD);
    }

    /**
     * Tells whether the calling thread has a transaction open that has written an entity: one of ours, one that was
     * joined, or its framework's. Whoever waits in that thread for the entity's writers waits for itself.
     */
    public boolean isWrittenHere(String entity) {
        return openTransactions.haveWritten(entity);
    }

    OpenTransactions openTransactions() {
        return openTransactions;
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
    public int write(EntityWriter writer, String entity, Change change) {
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

    /** Ends the comparing of reads, and stores what saves have lost. */
    @Override
    public void close() {
        shadowReads.close();
        lossyWrites.close();
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

    Tenants tenants() {
        return tenants;
    }

    RoutingListener listener() {
        return listener;
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

    /** Returns what guards an entity's inline mirror writes. */
    MirrorGuard mirrorGuard(String entity) {
        String name = "crossfade." + entity + ".mirror";
        return new MirrorGuard(entity, breakers.circuitBreaker(name), bulkheads.bulkhead(name), listener);
    }

    ModernReads modernReads(String entity) {
        ModernReads known = modernReads.get(entity);
        return known != null
                ? known
                : modernReads.computeIfAbsent(
                        entity,
                        name -> new ModernReads(
                                name,
                                breakers.circuitBreaker("crossfade." + name + ".reads"),
                                settings.mirrorConcurrency()));
    }

    /** Returns the mapping of an entity that has been used. */
    TableMapping mapping(String entity) {
        return Objects.requireNonNull(mappings.get(entity));
    }

    /** Returns the writer of an entity, which is registered at its first use. */
    EntityWriter writer(TableMapping mapping) {
        return writers.computeIfAbsent(mapping.entity(), entity -> {
            settings.lossyWrites().requireColumns(mapping);
            registration.accept(mapping);
            mappings.put(entity, mapping);
            return new EntityWriter(this, mapping);
        });
    }

    /** Returns what a caller is to see of a failure; see {@link AmbientTransactions#translated}. */
    RuntimeException translated(RuntimeException failure) {
        return ambients.translated(failure);
    }

    /** Runs work whose failures the caller sees as its framework has them. */
    private <T> T translating(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /** Runs work again when its stage was out of date and a newer one has arrived. */
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
