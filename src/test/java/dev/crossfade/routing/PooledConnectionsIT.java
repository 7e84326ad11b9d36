package dev.crossfade.routing;

import static dev.crossfade.testing.Refusals.accept;
import static dev.crossfade.testing.Refusals.raise;
import static dev.crossfade.testing.Refusals.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.guard.Breakers;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.StatementException;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.PoolMake;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Pools treat some SQLSTATEs as a broken connection and close it. If the mirror raises them within the server, that
 * costs the caller nothing; if the connection is really broken, the pool evicts it and the caller gets an error.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PooledConnectionsIT {

    private static final List<String> STATES =
            List.of("0A000", "01002", "08000", "08001", "08006", "57014", "57P01", "57P02", "57P03");
    private static final int SAVES = 30;
    private static final int POOL_SIZE = 8;

    private final Map<Place, Setting> settings = new HashMap<>();

    /** Where an instance runs. */
    record Place(PoolMake make, Topology topology, Stage stage) {

        Side authority() {
            return stage.authority();
        }

        Side mirror() {
            return authority().opposite();
        }
    }

    /** What a place has. */
    private record Setting(World world, List<PoolMake.Pool> pools, Databases databases) {

        static Setting make(Place place) {
            World world = new World(place.topology());
            PoolMake.Pool legacy = place.make().open(world.legacy(), POOL_SIZE);
            PoolMake.Pool modern = place.topology() == Topology.ONE_DATABASE
                    ? legacy
                    : place.make().open(world.modern(), POOL_SIZE);
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, place.stage());
            world.stop(crossfade);
            return new Setting(world, List.of(legacy, modern), new Databases(legacy.dataSource(), modern.dataSource()));
        }
    }

    /** In which transaction records are written. */
    private enum Way {
        ALONE {
            @Override
            void run(Service service, Work work) {
                work.on(service.users(), service.pair());
            }
        },
        TRANSACTION {
            @Override
            void run(Service service, Work work) {
                service.crossfade().transaction(tx -> service.within(tx, work));
            }
        },
        JOIN {
            @Override
            void run(Service service, Work work) {
                DSL.using(service.pool(), SQLDialect.POSTGRES)
                        .transaction(outer ->
                                service.crossfade().join(outer, service.authority(), tx -> service.within(tx, work)));
            }
        };

        abstract void run(Service service, Work work);
    }

    private interface Work {
        void on(DualWriteUsers users, RepositoryPair<DSLContext, Long> pair);
    }

    /** An instance with its repositories. */
    private record Service(
            Crossfade crossfade,
            DualWriteUsers users,
            RepositoryPair<DSLContext, Long> pair,
            Side authority,
            DataSource pool) {

        static Service start(World world, Databases databases, Side authority) {
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, databases);
            return new Service(
                    crossfade,
                    new DualWriteUsers(crossfade.routing()),
                    crossfade.pair(HandWritten.of(Users.MAPPING, legacy -> legacy, modern -> modern)),
                    authority,
                    databases.of(authority));
        }

        int within(Transaction transaction, Work work) {
            work.on(users.in(transaction), pair.in(transaction));
            return 0;
        }

        boolean isMirrorTrusted() {
            return EntityRouter.of(crossfade.routing()).guards().mirror("user").isTrusted();
        }

        List<User> authoritative() {
            return new SideUsers(crossfade.routing(), authority).page(null, 100);
        }
    }

    static Stream<Arguments> everyStateEverywhere() {
        return Stream.of(PoolMake.HIKARI, PoolMake.DBCP)
                .flatMap(make -> Stream.of(Topology.values())
                        .flatMap(topology -> Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY)
                                .map(stage -> new Place(make, topology, stage))))
                .flatMap(place -> Stream.of(Way.values())
                        .flatMap(way -> STATES.stream().map(state -> Arguments.of(place, way, state))));
    }

    static Stream<Place> everyAuthority() {
        return Stream.of(PoolMake.values())
                .flatMap(make -> Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY)
                        .map(stage -> new Place(make, Topology.ONE_DATABASE, stage)));
    }

    static Stream<Arguments> everyPoolAndWay() {
        return Stream.of(PoolMake.values())
                .flatMap(make -> Stream.of(Way.values()).map(way -> Arguments.of(make, way)));
    }

    static List<String> states() {
        return STATES;
    }

    @AfterAll
    void close() {
        settings.values().forEach(setting -> {
            setting.pools().forEach(PoolMake.Pool::close);
            setting.world().close();
        });
    }

    @ParameterizedTest
    @MethodSource("everyStateEverywhere")
    void savesGoOnWhateverTheMirrorRaises(Place place, Way way, String state) {
        savesGoOn(place, way, state);
    }

    /** A save in a transaction of our own then runs again on another connection. */
    @ParameterizedTest
    @MethodSource("states")
    void savesGoOnWhereThePoolDoesNotShowTheDriver(String state) {
        savesGoOn(new Place(PoolMake.HIDDEN_HIKARI, Topology.ONE_DATABASE, Stage.DUAL_WRITE), Way.ALONE, state);
    }

    private void savesGoOn(Place place, Way way, String state) {
        Setting setting = setting(place);
        World world = setting.world();
        Service service = Service.start(world, setting.databases(), place.authority());
        List<User> saved = new ArrayList<>();
        refuse(world, place.mirror(), raise(state));
        try {
            for (int id = 1; id <= SAVES; id++) {
                User user = new User(id, "u" + id + "@example.org", way.name() + " " + state);
                way.run(service, (users, pair) -> users.save(user));
                saved.add(user);
            }
            if (place.topology() == Topology.ONE_DATABASE) {
                assertThat(service.isMirrorTrusted()).isFalse();
            }
            assertThat(service.authoritative()).containsExactlyElementsOf(saved);
        } finally {
            accept(world, place.mirror());
            world.drain();
            world.stop(service.crossfade());
        }
        assertThat(world.differences()).isEmpty();
    }

    /** Most of them are two statements in a transaction, of which the second one fails. */
    @ParameterizedTest
    @MethodSource("everyAuthority")
    void everyKindOfWriteGoesOn(Place place) {
        for (Way way : Way.values()) {
            if (place.make() != PoolMake.HIDDEN_HIKARI || way == Way.ALONE) {
                everyKindOfWriteGoesOn(place, way);
            }
        }
    }

    private void everyKindOfWriteGoesOn(Place place, Way way) {
        Setting setting = setting(place);
        World world = setting.world();
        Service service = Service.start(world, setting.databases(), place.authority());
        service.users().deleteAll(LongStream.rangeClosed(1, SAVES).boxed().toList());
        service.users().saveAll(List.of(new User(1, null, "A B"), new User(2, null, "B C"), new User(3, null, "C D")));
        world.drain();
        String insert = place.authority() == Side.LEGACY
                ? "insert into legacy.users (id, first_name, last_name) values (5, 'By', 'hand')"
                : "insert into modern.accounts (account_id, full_name) values (5, 'By hand')";
        refuse(world, place.mirror(), raise("57P01"));
        try {
            way.run(service, (users, pair) -> {
                users.saveAll(List.of(new User(1, null, "Saved " + way), new User(4, null, "D E")));
                users.delete(2L);
                Users.rename(users, 3, "Re named");
                pair.write(5L, dsl -> dsl.execute(insert));
            });
            assertThat(service.authoritative())
                    .extracting(User::name)
                    .containsExactly("Saved " + way, "Re named", "D E", "By hand");
        } finally {
            accept(world, place.mirror());
            world.drain();
            world.stop(service.crossfade());
        }
        assertThat(world.differences()).isEmpty();
    }

    /** A read of the mirror that fails is answered by the authoritative side, in the same transaction. */
    @ParameterizedTest
    @ValueSource(strings = {"0A000", "57P03", "08006"})
    void aTransactionSurvivesAReadOfTheMirror(String state) {
        User ada = new User(1, "ada@example.org", "Ada Lovelace");
        try (World world = new World(Topology.ONE_DATABASE)) {
            Service service = Service.start(world, world.databases(), Side.LEGACY);
            world.moveTo(service.crossfade(), Stage.MODERN_READ);
            service.users().save(ada);
            world.modern()
                    .execute(
                            "create function refused() returns boolean language plpgsql as $$begin %s end$$"
                                    .formatted(raise(state)),
                            "alter table modern.accounts rename to base",
                            "create view modern.accounts as select * from modern.base where refused()");
            for (Way way : Way.values()) {
                way.run(service, (users, pair) -> {
                    assertThat(users.find(1L)).contains(ada);
                    assertThat(users.page(null, 1)).containsExactly(ada);
                    users.save(new User(2, null, "Saved " + way));
                });
                assertThat(service.authoritative()).extracting(User::name).contains("Saved " + way);
            }
            assertThat(service.crossfade()
                            .<List<User>>readOnly(tx -> service.users().in(tx).page(null, 1)))
                    .containsExactly(ada);
        }
    }

    /**
     * The outcome of such a write is not known to the caller, so it must not be run again; here it was not committed.
     */
    @ParameterizedTest
    @MethodSource("everyPoolAndWay")
    void aKilledConnectionIsDroppedAndTheCallerIsTold(PoolMake make, Way way) {
        try (World world = new World(Topology.ONE_DATABASE);
                PoolMake.Pool only = make.open(world.legacy(), 1)) {
            world.usersAt(Stage.DUAL_WRITE);
            DataSource rest = world.legacy().dataSource();
            Service service =
                    Service.start(world, Databases.shared(forThisThread(only.dataSource(), rest)), Side.LEGACY);
            way.run(service, (users, pair) -> users.save(new User(1, null, "Before")));
            refuse(world, Side.MODERN, "perform pg_terminate_backend(pg_backend_pid());");

            assertThatThrownBy(() -> way.run(service, (users, pair) -> users.save(new User(1, null, "Killed"))))
                    .isInstanceOf(StatementException.class)
                    .hasMessageContaining("Writing user to the legacy side");

            assertThat(service.authoritative()).extracting(User::name).containsExactly("Before");
            accept(world, Side.MODERN);
            way.run(service, (users, pair) -> users.save(new User(1, null, "After")));
            assertThat(service.authoritative()).extracting(User::name).containsExactly("After");
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
            world.stop(service.crossfade());
        }
    }

    /** The caller gets an error. Once the breaker is open, only a caller's transaction sees it, in a probe. */
    @ParameterizedTest
    @MethodSource("everyPoolAndWay")
    void aMirrorThatKillsItsSessionsIsLeftAloneAfterAFewWrites(PoolMake make, Way way) {
        try (World world = new World(Topology.ONE_DATABASE);
                PoolMake.Pool pool = make.open(world.legacy(), POOL_SIZE)) {
            world.usersAt(Stage.DUAL_WRITE);
            Service service = Service.start(world, Databases.shared(pool.dataSource()), Side.LEGACY);
            refuse(world, Side.MODERN, "perform pg_terminate_backend(pg_backend_pid());");
            List<User> saved = new ArrayList<>();
            for (int id = 1; id <= SAVES; id++) {
                User user = new User(id, null, "Saved " + id);
                try {
                    way.run(service, (users, pair) -> users.save(user));
                    saved.add(user);
                } catch (StatementException e) {
                    assertThat(way != Way.ALONE || saved.isEmpty())
                            .as("told before the breaker was open")
                            .isTrue();
                }
            }

            assertThat(service.isMirrorTrusted()).isFalse();
            assertThat(saved).hasSizeGreaterThan(SAVES / 2);
            assertThat(service.authoritative()).containsExactlyElementsOf(saved);
            accept(world, Side.MODERN);
            world.drain();
            assertThat(world.differences()).isEmpty();
            world.stop(service.crossfade());
        }
    }

    /** Two statements in a transaction of our own: it is certain that nothing was committed. */
    @ParameterizedTest
    @EnumSource(names = {"HIKARI", "DBCP"})
    void aHalfOpenBreakerTriesTheMirrorInTwoStatements(PoolMake make) {
        try (World world = new World(Topology.ONE_DATABASE);
                PoolMake.Pool pool = make.open(world.legacy(), POOL_SIZE)) {
            world.usersAt(Stage.DUAL_WRITE);
            Service service = Service.start(world, Databases.shared(pool.dataSource()), Side.LEGACY);
            refuse(world, Side.MODERN, "perform pg_terminate_backend(pg_backend_pid());");
            CircuitBreaker breaker = Breakers.of(
                    EntityRouter.of(service.crossfade().routing()).guards().mirror("user"));
            breaker.transitionToOpenState();
            breaker.transitionToHalfOpenState();

            service.users().save(new User(1, null, "Tried"));

            assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
            assertThat(service.authoritative()).extracting(User::name).containsExactly("Tried");
            accept(world, Side.MODERN);
            world.drain();
            assertThat(world.differences()).isEmpty();
            world.stop(service.crossfade());
        }
    }

    /** Two statements in a transaction of ours: it is known that nothing was committed. The pool has no second one. */
    @ParameterizedTest
    @EnumSource
    void aTransactionOfOursIsRunAgainWithoutAMirrorThatKillsItsSession(PoolMake make) {
        try (World world = new World(Topology.ONE_DATABASE);
                PoolMake.Pool only = make.open(world.legacy(), 1)) {
            world.usersAt(Stage.DUAL_WRITE);
            DataSource rest = world.legacy().dataSource();
            Service service =
                    Service.start(world, Databases.shared(forThisThread(only.dataSource(), rest)), Side.LEGACY);
            service.users().saveAll(List.of(new User(1, null, "A B"), new User(2, null, "B C")));
            refuse(world, Side.MODERN, "perform pg_terminate_backend(pg_backend_pid());");

            assertThat(service.users().delete(1L)).isTrue();
            assertThat(Users.rename(service.users(), 2, "Re named")).isEqualTo(1);

            assertThat(service.authoritative()).extracting(User::name).containsExactly("Re named");
            accept(world, Side.MODERN);
            world.drain();
            assertThat(world.differences()).isEmpty();
            world.stop(service.crossfade());
        }
    }

    /** It retries repeatedly; otherwise each attempt would open a new connection. */
    @ParameterizedTest
    @EnumSource
    void theApplierKeepsItsConnections(Topology topology) {
        try (World world = new World(topology)) {
            AtomicInteger opened = new AtomicInteger();
            DataSource legacy = counted(world.legacy(), opened);
            DataSource modern = topology == Topology.ONE_DATABASE ? legacy : counted(world.modern(), opened);
            Databases databases = new Databases(legacy, modern);
            world.usersAt(Stage.DUAL_WRITE);
            Crossfade noting = world.start(RoutingSettings.DEFAULTS.withModernWrite(false));
            DualWriteUsers users = new DualWriteUsers(noting.routing());
            refuse(world, Side.MODERN, raise("57P03"));
            users.save(new User(1, null, "Noted"));
            world.stop(noting);
            Reconciler reconciler = new Reconciler(databases, ReconcileListener.NONE);
            Drain drain = new Drain(databases, reconciler);

            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> drain.intents(Users.MAPPING, Duration.ZERO))
                        .isInstanceOf(MirrorOutageException.class);
            }

            // A pool opens some more than are asked for.
            assertThat(opened.get()).isLessThan(10);
            accept(world, Side.MODERN);
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Returns a data source that has one pool for the test's own thread and one for all others. */
    private static DataSource forThisThread(DataSource own, DataSource others) {
        Thread caller = Thread.currentThread();
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, values) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> Proxy.isProxyClass(values[0].getClass());
                    default -> method.invoke(Thread.currentThread().equals(caller) ? own : others, values);
                });
    }

    /** Returns a pool that counts the connections that it opens. */
    private static DataSource counted(TestDatabase database, AtomicInteger opened) {
        PGSimpleDataSource source = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1L;

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                opened.incrementAndGet();
                return super.getConnection(user, password);
            }
        };
        source.setUrl(database.url());
        return database.newDataSource(settings -> settings.setDataSource(source));
    }

    private Setting setting(Place place) {
        return settings.computeIfAbsent(place, Setting::make);
    }
}
