package dev.crossfade.routing;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.EntityStage;
import dev.crossfade.flags.StageSnapshot;
import dev.crossfade.flags.Stages;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.StatementException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.PendingKeys;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.DSLContext;

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
    private final Tenants tenants;
    private final ShadowReads shadowReads;
    private final Map<String, EntityWriter> writers = new ConcurrentHashMap<>();
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(5)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(1))
            .permittedNumberOfCallsInHalfOpenState(3)
            .writableStackTraceEnabled(false)
            .build());

    /**
     * Makes a router.
     *
     * @param registration run for the mapping of each entity before it is first used
     */
    public Router(Databases databases, Stages stages, PendingKeys pending, RoutingSettings settings, Wiring wiring) {
        this.databases = databases;
        this.stages = stages;
        this.pending = pending;
        this.settings = settings;
        this.listener = wiring.listener();
        this.registration = wiring.registration();
        this.tenants = wiring.tenants();
        this.shadowReads = new ShadowReads(this, stages);
    }

    /**
     * Whom a router tells what.
     *
     * @param registration told each entity's mapping before it is first used
     * @param listener told what happens
     * @param tenants asked whose record a key is
     */
    public record Wiring(Consumer<TableMapping> registration, RoutingListener listener, Tenants tenants) {}

    /**
     * Runs {@code work} in one transaction and commits it; an exception rolls everything back, mirror writes and intents
     * too. When the authority of an entity moves before the transaction has written it, the work is run again, so it
     * should have no effects outside the database.
     *
     * @throws StatementException if the commit fails
     */
    public <T> T transaction(Function<Transaction, T> work) {
        return retrying(() -> {
            StageSnapshot snapshot = stages.pin();
            Transaction transaction = new Transaction(this, snapshot);
            try {
                T result = work.apply(transaction);
                transaction.commit();
                return result;
            } catch (RuntimeException | Error e) {
                transaction.rollback(e);
                throw e;
            } finally {
                transaction.close();
                snapshot.release();
            }
        });
    }

    /**
     * Runs {@code work} in a jOOQ transaction that the caller began and ends. The transaction must be on the database of
     * the authoritative side; when {@link StageMovedException} is thrown, roll it back and run it again.
     */
    public <T> T join(Configuration jooqTransaction, Side side, Function<Transaction, T> work) {
        Connection connection = Objects.requireNonNull(
                jooqTransaction.connectionProvider().acquire(), "The jOOQ configuration has no connection.");
        StageSnapshot snapshot = stages.pin();
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException(
                        "The jOOQ configuration is not in a transaction. Use the one that dsl.transaction(…) hands over.");
            }
            return work.apply(new Transaction(this, snapshot, side, connection));
        } catch (SQLException e) {
            throw new StatementException("Joining the transaction", e);
        } finally {
            snapshot.release();
            jooqTransaction.connectionProvider().release(connection);
        }
    }

    @Override
    public DSLContext dsl(Side side) {
        return databases.dsl(side);
    }

    @Override
    public EntityStage stage(String entity) {
        return stages.current().of(entity);
    }

    @Override
    public List<RecordKey> write(EntityWriter writer, String entity, Change change) {
        return retrying(() -> {
            StageSnapshot snapshot = stages.pin();
            try {
                return writer.write(snapshot.of(entity), change).keys();
            } finally {
                snapshot.release();
            }
        });
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
    public Side freshSide(String entity, Side wanted, Side authority) {
        return pending.isAnyPending(entity) ? authority : wanted;
    }

    @Override
    public Side freshSide(String entity, RecordKey key, Side wanted, Side authority) {
        return pending.isPending(entity, key) ? authority : wanted;
    }

    /** Ends the comparing of reads. */
    @Override
    public void close() {
        shadowReads.close();
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

    ShadowReads shadowReads() {
        return shadowReads;
    }

    CircuitBreaker breaker(String entity) {
        return breakers.circuitBreaker("crossfade." + entity);
    }

    /** Returns the writer of an entity, which is registered at its first use. */
    EntityWriter writer(TableMapping mapping) {
        return writers.computeIfAbsent(mapping.entity(), entity -> {
            registration.accept(mapping);
            return new EntityWriter(this, mapping);
        });
    }

    private <T> T retrying(Supplier<T> work) {
        long deadline = System.nanoTime() + settings.flipPatience().toNanos();
        while (true) {
            try {
                return work.get();
            } catch (StageMovedException e) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative() || !stages.awaitNewer(e.entity(), e.epoch(), left)) {
                    throw new UnavailableException(
                            "The authority of %s is on its way to the other side and has not arrived within %d s. Run `crossfade stage %s`."
                                    .formatted(
                                            e.entity(), settings.flipPatience().toSeconds(), e.entity()),
                            e);
                }
            }
        }
    }
}
