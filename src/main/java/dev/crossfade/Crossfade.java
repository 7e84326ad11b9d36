package dev.crossfade;

import dev.crossfade.control.Databases;
import dev.crossfade.control.ModernSchema;
import dev.crossfade.flags.EntityFeatures;
import dev.crossfade.flags.GuardedStateRepository;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.fleet.EntityGroups;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.fleet.UsedTogether;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.gate.Gates;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.SettingChecks;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.read.Tenants;
import dev.crossfade.reconcile.LiveApplier;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.AmbientTransactions;
import dev.crossfade.routing.HandWritten;
import dev.crossfade.routing.RepositoryPair;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.RoutingLayer;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.routing.Transaction;
import dev.crossfade.stages.StagePoller;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.spi.FeatureProvider;

/**
 * Crossfade in a service: create one for the process, pass it to the generated repositories, close it at the end.
 *
 * <p>It creates the control schema if needed, registers this process with the fleet, follows the stages, and mirrors
 * writes of this process that could not be mirrored at once. It does not own the data sources. Thread-safe.
 */
public final class Crossfade implements AutoCloseable {

    private static final int PENDING_CAPACITY = 100_000;
    /** How long a start waits for a modern database that does not answer, before it goes on without. */
    private static final Duration MODERN_PATIENCE = Duration.ofSeconds(5);

    private final ServedEntities served = new ServedEntities();
    private final Databases databases;
    private final Measuring measuring;
    private final StagePoller stages;
    private final LiveApplier applier;
    private final RoutingLayer routing;
    private final StageChanger changer;
    private final Tenants tenants;
    private final UsedTogether groups;

    private Crossfade(Builder builder) {
        ModernSchema modern = ModernSchema.install(
                new Databases(Objects.requireNonNull(builder.legacy), Objects.requireNonNull(builder.modern)),
                builder.dataSourceNames);
        this.databases = modern.databases();
        this.tenants = new Tenants(builder.tenants);
        this.measuring = new Measuring(builder.meters, databases.controlDsl());
        Reconciler reconciler = new Reconciler(
                        databases, measuring.reconciling(), builder.routing.mirrorBudget(), builder.retries)
                .beside(served::parentsFirst);
        Instance instance = Instance.ofThisProcess(builder.version);
        this.groups = new UsedTogether(new EntityGroups(databases.controlDsl()), instance);
        builder.transactionEntities.forEach(groups::declare);
        Fleet fleet = new Fleet(databases.controlDsl(), builder.liveness);
        this.stages = new StagePoller(databases, fleet, instance, new StagePoller.Start(builder.stagePolling, modern));
        this.applier = new LiveApplier(databases, served::parentsFirst, reconciler, PENDING_CAPACITY);
        this.routing = new RoutingLayer(
                databases,
                stages,
                applier.pending(),
                builder.routing,
                new RoutingLayer.Wiring(
                        this::register,
                        measuring.routing(),
                        tenants,
                        builder.ambients,
                        databases.areShared() ? entities -> {} : groups::noted));
        this.changer = StageChanger.of(
                        databases,
                        Gates.all(databases, builder.gates, served::parentsFirst),
                        served::parentsFirst,
                        measuring.reconciling(),
                        measuring.gates())
                .knowing(routing::isWrittenHere);
        stages.start();
        modern.awaitFirstTry(MODERN_PATIENCE);
        applier.start();
        if (!databases.areShared()) {
            groups.start();
        }
        measuring.start();
    }

    /** Starts the settings of a Crossfade. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the router, with which the generated repositories are created. */
    public Router routing() {
        return routing.router();
    }

    /**
     * Runs work over several repositories in one transaction; see {@link Router#transaction}. Bind each repository with
     * {@code in(transaction)}.
     */
    public <T> T transaction(Function<Transaction, T> work) {
        return routing().transaction(work);
    }

    /** As {@link #transaction}, for work without a result. */
    public void run(Consumer<Transaction> work) {
        routing().transaction(transaction -> {
            work.accept(transaction);
            return true;
        });
    }

    /** Routes a pair of hand-written repositories; registers their entity. */
    public <S, K> RepositoryPair<S, K> pair(HandWritten<S, K> pair) {
        return new RepositoryPair<>(routing(), pair);
    }

    /** As {@link #transaction}, but read-only; see {@link Router#readOnly}. */
    public <T> T readOnly(Function<Transaction, T> work) {
        return routing().readOnly(work);
    }

    /**
     * Runs work in a jOOQ transaction that the service began on the database of the given side, which must be the
     * authoritative one; see {@link Router#join}.
     */
    public <T> T join(Configuration jooqTransaction, Side side, Function<Transaction, T> work) {
        return routing().join(jooqTransaction, side, work);
    }

    /** Returns the stage that this process has applied for an entity. */
    public Stage stage(String entity) {
        return stages.current().of(entity).stage();
    }

    /** Returns the object that moves entities between stages. */
    public StageChanger stages() {
        return changer;
    }

    /**
     * Returns the guarded repository for Togglz: setting a flag is a stage change with all its gates.
     *
     * @param user names whoever moves a flag
     */
    public StateRepository stateRepository(Supplier<String> user) {
        return new GuardedStateRepository(
                databases, changer, user, entity -> served.find(entity).map(tenants::names));
    }

    /** Returns the flags of the entities that this process serves, for Togglz. */
    public FeatureProvider featureProvider() {
        return new EntityFeatures(served::names);
    }

    /**
     * Returns why entities are frozen, by name: their databases disagree about their past, and until an operator has
     * decided with {@code crossfade recover} nothing is applied, repaired or moved. Entities that are not frozen, or
     * are contracted, are absent.
     */
    public Map<String, String> frozen() {
        return stages.frozen();
    }

    /** Tells whether both schemas are in one database. */
    public boolean isOneDatabase() {
        return databases.areShared();
    }

    /**
     * Returns why the modern database could not be used at the last attempt, empty if it could. The attempt is a few
     * seconds old at most, unless a later one is still waiting. Where legacy decides, writes continue meanwhile and
     * are mirrored when the database is back.
     */
    public Optional<String> modernTrouble() {
        return stages.modernTrouble();
    }

    /**
     * Tells the fleet that transactions of this service use these entities, so that with two databases the authority
     * of one is not moved without the others; see {@link Builder#transactionEntities}. Entities that were seen in one
     * transaction need not be declared. With one database it does nothing.
     */
    public void declareTogether(Collection<String> entities) {
        if (!databases.areShared()) {
            groups.declare(entities);
        }
    }

    /** Returns the mappings of the entities that this process serves, parents before children. */
    public List<TableMapping> mappings() {
        return served.parentsFirst();
    }

    /** Returns how many keys of an entity wait for the mirror in this process. */
    public int pending(String entity) {
        return applier.pending().size(entity);
    }

    /** Waits until all writes of this process are on the mirror, or the time is up; tells whether they are. */
    public boolean awaitLevel(Duration atMost) throws InterruptedException {
        return applier.awaitLevel(atMost);
    }

    /**
     * Ends the threads and leaves the fleet. Writes that are not mirrored yet have durable intents, which the worker
     * applies.
     */
    @Override
    public void close() {
        measuring.close();
        routing.close();
        applier.close();
        if (!databases.areShared()) {
            groups.close();
        }
        stages.close();
    }

    private void register(TableMapping mapping) {
        served.register(mapping, followed -> {
            stages.rampedBy(followed.entity(), tenants.names(followed));
            stages.register(followed);
        });
        measuring.observe(mapping.entity(), () -> stage(mapping.entity()), applier.pending()::size);
    }

    /** Collects the settings. Not thread-safe. */
    public static final class Builder {

        private @Nullable DataSource legacy;
        private @Nullable DataSource modern;
        private final Map<Side, String> dataSourceNames = new EnumMap<>(Side.class);
        private @Nullable MeterRegistry meters;
        private String version = "unknown";
        private RoutingSettings routing = RoutingSettings.DEFAULTS;
        private GateSettings gates = GateSettings.DEFAULTS;
        private RetrySettings retries = RetrySettings.DEFAULTS;
        private Duration stagePolling = Duration.ofMillis(250);
        private Duration liveness = Fleet.DEFAULT_LIVENESS;
        private AmbientTransactions ambients = AmbientTransactions.NONE;
        private final Map<String, Function<Object, String>> tenants = new HashMap<>();
        private final List<List<String>> transactionEntities = new ArrayList<>();

        private Builder() {}

        /** Both schemas are in this database. */
        public Builder database(DataSource database) {
            this.legacy = database;
            this.modern = database;
            return this;
        }

        /** The legacy schema is in this database, and the control schema with it. */
        public Builder legacy(DataSource database) {
            this.legacy = database;
            return this;
        }

        /** The modern schema is in this database. */
        public Builder modern(DataSource database) {
            this.modern = database;
            return this;
        }

        /** Sets the name of a side's data source in messages, for example the name of its bean. */
        public Builder dataSourceName(Side side, String name) {
            dataSourceNames.put(side, name);
            return this;
        }

        /** Registers Crossfade's meters here; without one, nothing is measured. */
        public Builder meterRegistry(MeterRegistry registry) {
            this.meters = registry;
            return this;
        }

        /** Names the application's version, which the fleet shows. */
        public Builder applicationVersion(String name) {
            this.version = name;
            return this;
        }

        /** Sets how the routing layer behaves. */
        public Builder routing(RoutingSettings settings) {
            this.routing = settings;
            return this;
        }

        /** Sets how this instance's applier retries keys whose mirror write failed. */
        public Builder retries(RetrySettings settings) {
            this.retries = settings;
            return this;
        }

        /** Sets the requirements of the gates for stage changes made through this Crossfade. */
        public Builder gates(GateSettings settings) {
            this.gates = settings;
            return this;
        }

        /**
         * Sets the function that finds a key's tenant, so that reads can be ramped by tenant: {@code crossfade flags
         * ramp order 5 --by tenant}. It is called on the reading thread; it must answer from memory, and the same on
         * every instance. Not needed if the tenant is a column of the key.
         *
         * @param tenant returns the tenant of a key of the entity's repository
         */
        @SuppressWarnings("unchecked")
        public <K> Builder tenant(String entity, Function<? super K, String> tenant) {
            tenants.put(entity, key -> tenant.apply((K) key));
            return this;
        }

        /** Sets how often the stages are polled, 250 ms by default. */
        public Builder stagePolling(Duration interval) {
            this.stagePolling = interval;
            return this;
        }

        /**
         * Sets the time without a heartbeat after which this instance counts as gone, 10 s by default: then stages
         * move without it, and the database refuses its writes until it has rejoined.
         */
        public Builder liveness(Duration time) {
            this.liveness = time;
            return this;
        }

        /**
         * Declares entities that the service uses in one transaction. With two databases a step that moves the
         * authority of one without the others then meets a closed gate, even before the first such transaction was
         * seen. Call it once for each group.
         */
        public Builder transactionEntities(String... entities) {
            transactionEntities.add(List.of(entities));
            return this;
        }

        /** Lets repositories take part in the transactions of a framework. */
        public Builder ambientTransactions(AmbientTransactions transactions) {
            this.ambients = transactions;
            return this;
        }

        /**
         * Connects, creates the control schema if needed, and starts. With two databases the modern one may be down
         * once there is a control schema: entities for which legacy decides are served without it, and its mirror
         * catches up when it is back. A repository of an entity for which the modern side decides is refused until
         * then.
         *
         * @throws InvalidInputException if a database is not named or a setting is invalid; all problems at once
         * @throws dev.crossfade.model.UnavailableException if a database that is needed cannot be used; the message
         *     says which one
         */
        public Crossfade build() {
            SettingChecks checks = new SettingChecks()
                    .atLeast("stagePolling", stagePolling, Duration.ofMillis(1))
                    .atLeast("liveness", liveness, Fleet.SHORTEST_LIVENESS)
                    .given("applicationVersion", version)
                    .given("routing", routing)
                    .given("gates", gates)
                    .given("retries", retries)
                    .given("ambientTransactions", ambients);
            if (legacy == null || modern == null) {
                checks.add("Crossfade needs database(…) for both schemas, or both legacy(…) and modern(…).");
            }
            checks.refuse();
            return new Crossfade(this);
        }
    }
}
