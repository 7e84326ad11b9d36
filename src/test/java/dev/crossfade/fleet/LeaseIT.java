package dev.crossfade.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.HeartbeatLostException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An instance without heartbeats cannot write under a stage that the others have left. */
class LeaseIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada");
    private static final Duration LIVENESS = Duration.ofMillis(500);

    /** A write that was in flight while its process was paused and the fleet moved on without it. */
    @ParameterizedTest
    @EnumSource
    void aWriteThatArrivesAfterItsLeaseGoesByTheNewerStage(Topology topology) {
        standingStill(topology, "insert into \"legacy\".\"users\"", (stopped, users) -> {
            users.save(ADA);

            assertThat(stopped.stage("user")).isEqualTo(Stage.DUAL_WRITE);
        });
    }

    /** It is sent in a round trip of its own, so that a check of the lease before it would prove nothing. */
    @ParameterizedTest
    @EnumSource
    void aStatementOfTheServiceThatArrivesAfterTheLeaseGoesByTheNewerStage(Topology topology) {
        standingStill(topology, "update \"legacy\".\"users\" set \"first_name\"", (stopped, users) -> {
            users.save(ADA);

            assertThat(Users.rename(users, 1, "Augusta King")).isEqualTo(1);

            assertThat(users.find(1L)).map(User::name).contains("Augusta King");
        });
    }

    /**
     * A transaction that was open across the gap acts on the stages from before it, whatever the instance has read
     * since.
     */
    @ParameterizedTest
    @EnumSource
    void aTransactionOfBeforeTheGapIsRunAgain(Topology topology) {
        standingStill(topology, "from \"legacy\".\"users\"", (stopped, users) -> {
            AtomicInteger runs = new AtomicInteger();
            stopped.transaction(tx -> {
                runs.incrementAndGet();
                users.in(tx).find(1L);
                Awaitility.await().until(() -> stopped.stage("user") == Stage.DUAL_WRITE);
                users.in(tx).save(ADA);
                return null;
            });

            assertThat(runs).hasValue(2);
        });
    }

    /**
     * Runs a write in an instance that is paused from a statement on, until the fleet counts it as gone and moves on;
     * whatever it wrote must have reached the mirror.
     */
    private static void standingStill(
            Topology topology, String fromStatement, BiConsumer<Crossfade, DualWriteUsers> write) {
        try (World world = new World(topology)) {
            Crossfade others = world.start();
            new DualWriteUsers(others.routing());
            StandStill process = new StandStill();
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.databases().legacy());
            legacy.intercept(process::pass);
            Databases connections = topology == Topology.ONE_DATABASE
                    ? new Databases(legacy, legacy)
                    : new Databases(legacy, world.databases().modern());
            try (Crossfade stopped = start(connections, Duration.ofSeconds(30))) {
                DualWriteUsers users = new DualWriteUsers(stopped.routing());
                Fleet fleet = new Fleet(world.databases().controlDsl());
                process.beginWith(fromStatement, () -> {
                    Awaitility.await().until(() -> fleet.live().size() == 1);
                    world.moveTo(others, Stage.DUAL_WRITE);
                });

                write.accept(stopped, users);

                assertThat(process.wasBegun()).isTrue();
                world.drain();
                assertThat(world.differences()).isEmpty();
                assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                        .isEqualTo(1L);
            }
        }
    }

    /** The modern side decides before and after: its own epoch shows that there is a mirror again. */
    @ParameterizedTest
    @EnumSource
    void aWriteOfModernOnlyThatArrivesLateIsMirroredWhereTheOthersMirrorAgain(Topology topology) {
        standingStillAtModernOnly(
                topology,
                "insert into \"modern\".\"accounts\"",
                users -> users.save(ADA),
                (world, step) -> step.join());
    }

    /**
     * A service's own statement is sent some time after the epoch was checked, with the authority held: the step
     * waits.
     */
    @ParameterizedTest
    @EnumSource
    void theMirrorIsNotSwitchedOnWhileAStatementOfModernOnlyIsUnderWay(Topology topology) {
        standingStillAtModernOnly(
                topology,
                "update \"modern\".\"accounts\"",
                users -> assertThat(Users.rename(users, 1, "Augusta King")).isEqualTo(1),
                (world, step) -> {
                    Awaitility.await()
                            .until(() -> world.modern()
                                    .dsl()
                                    .fetchValue(
                                            "select count(*) > 0 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())")
                                    .equals(true));
                    assertThat(step).isNotDone();
                });
    }

    /**
     * Runs a write in an instance that is paused from a statement on, while the others begin to mirror to legacy
     * again.
     */
    private static void standingStillAtModernOnly(
            Topology topology,
            String fromStatement,
            Consumer<DualWriteUsers> write,
            BiConsumer<World, CompletableFuture<?>> meanwhile) {
        try (World world = new World(topology)) {
            Crossfade others = world.start();
            new DualWriteUsers(others.routing());
            StandStill process = new StandStill();
            InterceptedDataSource modern =
                    new InterceptedDataSource(world.databases().modern());
            modern.intercept(process::pass);
            Databases connections = topology == Topology.ONE_DATABASE
                    ? new Databases(modern, modern)
                    : new Databases(world.databases().legacy(), modern);
            AtomicReference<CompletableFuture<?>> step = new AtomicReference<>(new CompletableFuture<>());
            try (Crossfade stopped = start(connections, Duration.ofSeconds(30))) {
                DualWriteUsers users = new DualWriteUsers(stopped.routing());
                world.moveTo(others, Stage.MODERN_ONLY);
                world.modern().execute("insert into modern.accounts values (1, 'before@example.org', 'Before')");
                process.beginWith(fromStatement, () -> {
                    step.set(CompletableFuture.runAsync(() -> others.stages()
                            .change(new Request(
                                    List.of("user"),
                                    Stage.MODERN_PRIMARY,
                                    new Author("test", "nobody heard of the stopped one"),
                                    true))));
                    meanwhile.accept(world, step.get());
                });

                write.accept(users);

                assertThat(process.wasBegun()).isTrue();
                step.get().join();
                world.drain();
                assertThat(world.modern().dsl().fetchCount(DSL.table(DSL.name("modern", "accounts"))))
                        .isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInstanceThatCannotHeartbeatRefusesToWriteAndRejoinsByItself(Topology topology) {
        try (World world = new World(topology)) {
            try (Crossfade crossfade = start(world.databases(), Duration.ofMillis(300))) {
                DualWriteUsers users = new DualWriteUsers(crossfade.routing());
                users.save(ADA);
                world.legacy().execute("alter table crossfade.instance rename to instance_away");
                Awaitility.await()
                        .untilAsserted(() -> assertThatThrownBy(() -> users.save(new User(2, "b@example.org", "B")))
                                .isInstanceOf(HeartbeatLostException.class)
                                .hasMessageContaining("lost its heartbeat")
                                .hasMessageContaining("crossfade.instance"));
                long written = count(world);

                world.legacy().execute("alter table crossfade.instance_away rename to instance");
                users.save(new User(3, "c@example.org", "C"));

                assertThat(count(world)).isEqualTo(written + 1);
            }
        }
    }

    /**
     * In the stages around the flip the epoch decides: the control database, which has the mirror then, may be down.
     */
    @ParameterizedTest
    @EnumSource
    void aHeartbeatIsNotNeededWhereTheEpochDecides(Topology topology) {
        try (World world = new World(topology)) {
            DualWriteUsers users = world.usersAt(Stage.MODERN_PRIMARY);
            world.legacy().execute("alter table crossfade.instance rename to instance_away");
            world.legacy().execute("update crossfade.instance_away set expires_at = now() - interval '1 hour'");

            users.save(ADA);

            assertThat(AuthorityTable.find(world.databases().dsl(Side.LEGACY), "user"))
                    .hasValueSatisfying(standing -> assertThat(standing.stage()).isEqualTo(Stage.MODERN_PRIMARY));
            world.legacy().execute("alter table crossfade.instance_away rename to instance");
        }
    }

    private static Crossfade start(Databases connections, Duration patience) {
        return Crossfade.builder()
                .legacy(connections.legacy())
                .modern(connections.modern())
                .liveness(LIVENESS)
                .stagePolling(Duration.ofMillis(20))
                .routing(RoutingSettings.DEFAULTS.withFlipPatience(patience))
                .build();
    }

    private static long count(World world) {
        return world.legacy().dsl().fetchCount(DSL.table(DSL.name("legacy", "users")));
    }

    /** Pauses every statement of an instance, as if its process were stopped. */
    private static final class StandStill {

        private final AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile String trigger = "";
        private volatile boolean begun;

        void beginWith(String statement, Runnable whatOthersDo) {
            meanwhile.set(whatOthersDo);
            trigger = statement;
        }

        boolean wasBegun() {
            return begun;
        }

        void pass(String sql) {
            if (!trigger.isEmpty() && sql.contains(trigger)) {
                Runnable others = meanwhile.getAndSet(null);
                if (others != null) {
                    begun = true;
                    others.run();
                    over.countDown();
                }
            }
            if (begun) {
                await();
            }
        }

        private void await() {
            try {
                if (!over.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("The process stood still for too long.");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
