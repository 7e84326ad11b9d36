package dev.crossfade.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Orders;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mapping.TableTraits;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Capture is installed and removed under traffic, and follows the stages whatever the other writer's transaction is
 * like.
 */
class CaptureInstallIT {

    private static final LockPatience IMPATIENT = new LockPatience(Duration.ofMillis(50), 2, Duration.ofMillis(10));

    @ParameterizedTest
    @EnumSource
    void installingTwiceAndRemovingLeaveNothingBehind(Topology topology) {
        try (World world = new World(topology)) {
            service(world, Stage.DUAL_WRITE);
            Capture capture = new Capture(world.databases(), LockPatience.DEFAULTS);
            capture.install(Users.MAPPING);
            capture.install(Users.MAPPING);

            assertThat(capture.states(List.of(Users.MAPPING)))
                    .hasSize(2)
                    .allMatch(CaptureState::isWhole)
                    .extracting(CaptureState::side)
                    .containsExactly("legacy", "modern");
            assertThat(TableTraits.read(world.legacy().dsl(), Users.MAPPING.legacy())
                            .afterTriggers())
                    .as("both sides may still share a statement")
                    .isFalse();
            assertThat(SweepRequest.all(world)).extracting(SweepRequest::reason).containsOnly("capture installed");
            world.legacy().execute("alter table legacy.users disable trigger user");
            assertThat(capture.states(List.of())).anyMatch(state -> !state.isWhole());

            assertThat(capture.remove("user")).isTrue();
            assertThat(capture.remove("user")).isFalse();
            assertThat(capture.states(List.of())).isEmpty();
            world.legacy().execute("insert into legacy.users (id) values (1)");
            assertThat(world.intents()).isZero();
        }
    }

    @Test
    void anotherMappingMakesItOutdated() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            service(world, Stage.DUAL_WRITE);
            Capture capture = new Capture(world.databases(), LockPatience.DEFAULTS);
            capture.install(Users.MAPPING);
            TableMapping other = TableMapping.table("user")
                    .legacy("legacy", "users")
                    .modern("modern", "accounts")
                    .key(new Column("logins", "integer"), new Column("account_id", "bigint"))
                    .build();

            assertThat(capture.states(List.of(other)))
                    .extracting(CaptureState::isWhole)
                    .containsExactly(false, true);
        }
    }

    @Test
    void aDroppedTableTakesItsTriggersAlong() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            service(world, Stage.DUAL_WRITE);
            Capture capture = new Capture(world.databases(), LockPatience.DEFAULTS);
            capture.install(Users.MAPPING);

            world.legacy().execute("drop table legacy.users");

            assertThat(capture.states(List.of()))
                    .anyMatch(state ->
                            state.side().equals("legacy") && state.table().isEmpty());
            assertThat(capture.remove("user")).isTrue();
            assertThat(capture.states(List.of())).isEmpty();
        }
    }

    @Test
    void aTableThatIsWrittenAllTheTimeIsNotHeldUpForLong() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE);
                TestDatabase.Session writer = world.legacy().session()) {
            service(world, Stage.DUAL_WRITE);
            writer.execute("begin; insert into legacy.users (id) values (1)");

            assertThatThrownBy(() -> new Capture(world.databases(), IMPATIENT).install(Users.MAPPING))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("The lock on legacy.users was not to be had within 50 ms, 2 times");
            assertThat(new Capture(world.databases(), IMPATIENT).states(List.of()))
                    .isEmpty();
            CompletableFuture<Void> installed = CompletableFuture.runAsync(
                    () -> new Capture(
                                    world.databases(),
                                    new LockPatience(Duration.ofMillis(100), 1000, Duration.ofMillis(10)))
                            .install(Users.MAPPING),
                    OwnThread.EACH);
            writer.execute("commit");
            installed.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoeverMayWriteTheTableNeedsNoRightOnIntents() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            service(world, Stage.DUAL_WRITE);
            new Capture(world.databases(), LockPatience.DEFAULTS).install(Users.MAPPING);
            String role = "batch_" + world.legacy().name();
            world.legacy()
                    .execute(
                            "create role " + role,
                            "grant usage on schema legacy to " + role,
                            "grant insert on legacy.users to " + role);
            try (TestDatabase.Session batch = world.legacy().session()) {
                batch.execute("set role " + role);
                batch.execute("insert into legacy.users (id, email, first_name) values (1, 'a@example.org', 'Ada')");
            } finally {
                world.legacy().execute("drop owned by " + role, "drop role " + role);
            }

            assertThat(world.intents()).isOne();
        }
    }

    @Test
    void aRenamedKeyColumnAsksForASweepAndTheWriterGoesOn() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            service(world, Stage.DUAL_WRITE);
            new Capture(world.databases(), LockPatience.DEFAULTS).install(Users.MAPPING);
            world.legacy().execute("alter table legacy.users rename column id to number");

            world.legacy().execute("insert into legacy.users (number) values (1)");

            assertThat(SweepRequest.all(world))
                    .last()
                    .extracting(SweepRequest::reason)
                    .asString()
                    .contains("install capture again");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStrangerThatIsStillAtWorkWhenTheAuthorityMovesLosesNothing(Topology topology) throws Exception {
        try (World world = new World(topology);
                TestDatabase.Session stranger = world.legacy().session()) {
            Service service = service(world, Stage.SHADOW_READ);
            new Capture(world.databases(), LockPatience.DEFAULTS).install(Users.MAPPING);
            stranger.execute(
                    "begin; insert into legacy.users (id, email, first_name) values (1, 'a@example.org', 'Ada')");
            world.moveTo(service.crossfade(), Stage.MODERN_READ);
            try (TestDatabase.Session second = world.legacy().session()) {
                second.execute(
                        "begin; insert into legacy.users (id, email, first_name) values (2, 'b@example.org', 'Bob')");
                CompletableFuture<Void> flip = CompletableFuture.runAsync(
                        () -> world.step(service.crossfade(), Stage.MODERN_PRIMARY), OwnThread.EACH);
                stranger.execute("commit");
                second.execute("update legacy.users set first_name = 'Bert' where id = 2; commit");
                flip.get(60, TimeUnit.SECONDS);
            }

            world.drain();
            assertThat(world.differences()).isEmpty();
            assertThat(world.modern().dsl().fetchCount(org.jooq.impl.DSL.table("modern.accounts")))
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStrangerThatCommitsWhileTheFlipLooksForHimIsDrainedToo(Topology topology) {
        try (World world = new World(topology);
                TestDatabase.Session stranger = world.legacy().session()) {
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.legacy().dataSource());
            Databases databases = topology == Topology.ONE_DATABASE
                    ? Databases.shared(legacy)
                    : new Databases(legacy, world.databases().modern());
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, databases);
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.SHADOW_READ);
            new Capture(world.databases(), LockPatience.DEFAULTS).install(Users.MAPPING);
            stranger.execute(
                    "begin; insert into legacy.users (id, email, first_name) values (1, 'a@example.org', 'Ada')");
            world.moveTo(crossfade, Stage.MODERN_READ);
            AtomicInteger looks = new AtomicInteger();
            legacy.intercept(sql -> {
                if (sql.contains("pg_locks") && looks.getAndIncrement() == 0) {
                    stranger.execute("commit");
                }
            });

            world.moveTo(crossfade, Stage.MODERN_PRIMARY);

            assertThat(looks.get()).isPositive();
            assertThat(users.find(1L)).contains(new User(1, "a@example.org", "Ada"));
            assertThat(world.differences()).isEmpty();
        }
    }

    @Test
    void aStrangerHoldsTheAuthorityWhereItCanMove() {
        try (World world = new World(Topology.ONE_DATABASE);
                TestDatabase.Session stranger = world.legacy().session()) {
            Service service = service(world, Stage.MODERN_READ);
            new Capture(world.databases(), LockPatience.DEFAULTS).install(Users.MAPPING);
            stranger.execute("begin; insert into legacy.users (id) values (1)");

            assertThat(world.legacy()
                            .dsl()
                            .fetchValue("select pg_try_advisory_lock(hashtextextended('crossfade/authority/user', 0))"))
                    .isEqualTo(false);
            assertThat(service.crossfade().stage("user")).isEqualTo(Stage.MODERN_READ);
        }
    }

    @Test
    void aTransactionWithASnapshotFromBeforeTheStageIsRefused() {
        try (World world = new World(Topology.ONE_DATABASE);
                TestDatabase.Session stranger = world.legacy().session()) {
            Service service = service(world, Stage.LEGACY_ONLY);
            new Capture(world.databases(), LockPatience.DEFAULTS).install(Users.MAPPING);
            stranger.execute("begin isolation level repeatable read; select count(*) from legacy.users");
            world.moveTo(service.crossfade(), Stage.DUAL_WRITE);

            assertThatThrownBy(() -> stranger.execute("insert into legacy.users (id) values (1)"))
                    .rootCause()
                    .hasMessageContaining("could not serialize access");
        }
    }

    @Test
    void columnsInPlaceAreCapturedAndTheApplierDoesNotFeedItself() {
        try (TestDatabase database = TestDatabases.create()) {
            Databases databases = database.databases();
            ControlSchema.install(databases);
            database.execute(Orders.NAMES_TABLE);
            database.execute("""
                    alter table legacy.names add boss integer references legacy.names on update cascade on delete cascade;
                    insert into crossfade.authority (entity, epoch, stage) values ('name', 1, 'DUAL_WRITE')
                    """);
            new Capture(databases, LockPatience.DEFAULTS).install(Orders.NAMES);
            Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));

            database.execute(
                    "insert into legacy.names (id, first_name, last_name) values (1, 'Ada', 'Lovelace'), (2, 'Bob', null)",
                    "update legacy.names set first_name = 'Rob' where id = 2");
            assertThat(Intents.count(database.dsl(), "name")).isEqualTo(3);
            assertThat(drain.intents(Orders.NAMES, Duration.ZERO).applied()).isEqualTo(2);

            assertThat(Intents.count(database.dsl(), "name")).isZero();
            assertThat(database.dsl()
                            .fetch("select full_name from legacy.names order by id")
                            .getValues(0, String.class))
                    .containsExactly("Ada Lovelace", "Rob");
        }
    }

    @Test
    void everyKindOfKeyIsNotedAsTheRoutingLayerSpellsIt() {
        try (TestDatabase database = TestDatabases.create()) {
            Databases databases = database.databases();
            ControlSchema.install(databases);
            database.execute(
                    Orders.LEGACY_LINES,
                    Orders.MODERN_LINES,
                    "insert into crossfade.authority (entity, epoch, stage) values ('line', 1, 'DUAL_WRITE')");
            new Capture(databases, LockPatience.DEFAULTS).install(Orders.LINES);

            database.execute("insert into legacy.\"Order Lines\" values ('north', 7, 'tea')");

            assertThat(Intents.oldest(database.dsl(), "line", 0, 10, Duration.ZERO))
                    .singleElement()
                    .satisfies(intent -> assertThat(intent.key().values()).containsExactly("north", "7"));
        }
    }

    private static Service service(World world, Stage stage) {
        Crossfade crossfade = world.start();
        DualWriteUsers users = new DualWriteUsers(crossfade.routing());
        world.moveTo(crossfade, stage);
        return new Service(crossfade, users);
    }

    private record Service(Crossfade crossfade, DualWriteUsers users) {}
}
