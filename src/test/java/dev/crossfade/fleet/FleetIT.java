package dev.crossfade.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.Fleet.Heartbeat;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.fleet.Fleet.Member;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FleetIT {

    @Test
    void anErrorDoesNotEndTheHeartbeat() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            InterceptedDataSource database =
                    new InterceptedDataSource(world.databases().legacy());
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, Databases.shared(database));
            new DualWriteUsers(crossfade.routing());
            AtomicBoolean thrown = new AtomicBoolean();
            database.intercept(sql -> {
                if (Thread.currentThread().getName().equals("crossfade-stages") && !thrown.getAndSet(true)) {
                    throw new StackOverflowError("a test's own");
                }
            });
            Awaitility.await().untilTrue(thrown);

            world.moveTo(crossfade, Stage.DUAL_WRITE);

            assertThat(crossfade.stage("user")).isEqualTo(Stage.DUAL_WRITE);
        }
    }

    @Test
    void anInstanceJoinsWithItsFirstEntityAndLeavesWhenItIsClosed() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Fleet fleet = new Fleet(world.databases().controlDsl());
            Crossfade idle = world.start();
            assertThat(fleet.live()).isEmpty();

            new DualWriteUsers(idle.routing());
            Crossfade other = world.start();
            new DualWriteUsers(other.routing());
            assertThat(fleet.live()).hasSize(2).allSatisfy(member -> {
                assertThat(member.acknowledged()).containsExactlyEntriesOf(Map.of("user", 0L));
                assertThat(member.instance().name())
                        .endsWith("/" + ProcessHandle.current().pid());
            });

            world.stop(idle);
            assertThat(fleet.live()).hasSize(1);
            world.stop(other);
            assertThat(fleet.live()).isEmpty();
        }
    }

    @Test
    void anInstanceAcknowledgesAStageWhenItsLastTransactionUnderTheOldOneHasEnded() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Fleet fleet = new Fleet(world.databases().controlDsl());
            Crossfade busy = world.start();
            Crossfade idle = world.start();
            DualWriteUsers users = new DualWriteUsers(busy.routing());
            new DualWriteUsers(idle.routing());

            busy.transaction(tx -> {
                users.in(tx).save(new User(1, "a@example.org", "A"));
                busy.stages().change(new Request(List.of("user"), Stage.DUAL_WRITE, new Author("test", null), false));
                Awaitility.await().until(() -> busy.stage("user") == Stage.DUAL_WRITE && acknowledged(fleet, 1) == 1);
                // Writes that begin now are mirrored already, while the old transaction continues without a mirror.
                users.save(new User(2, "b@example.org", "B"));
                assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                        .isEqualTo(1L);
                assertThat(acknowledged(fleet, 1)).isEqualTo(1);
                users.in(tx).save(new User(3, "c@example.org", "C"));
                return null;
            });

            Awaitility.await().until(() -> acknowledged(fleet, 1) == 2);
            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void anInstanceThatIsSilentForLongIsGone() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.start();
            Fleet fleet = new Fleet(world.databases().controlDsl());
            Instance instance = new Instance(UUID.randomUUID(), "host/1", "2.4");
            fleet.heartbeat(instance, Map.of("user", 3L, "order", 1L), Map.of("user", "a1"));
            assertThat(fleet.live()).singleElement().satisfies(member -> {
                assertThat(member.instance()).isEqualTo(instance);
                assertThat(member.acknowledged()).containsEntry("user", 3L).containsEntry("order", 1L);
                assertThat(member.mappings()).containsExactly(Map.entry("user", "a1"));
            });

            age(world, Fleet.DEFAULT_LIVENESS.plusSeconds(1));
            assertThat(fleet.live()).isEmpty();
            assertThat(fleet.forgetGone(Duration.ofMinutes(1))).isZero();
            assertThat(fleet.heartbeat(instance, Map.of(), Map.of()).inTime()).isFalse();
            assertThat(fleet.heartbeat(instance, Map.of(), Map.of()).inTime()).isTrue();
            assertThat(fleet.live()).extracting(Member::acknowledged).containsExactly(Map.of());

            age(world, Duration.ofMinutes(2));
            assertThat(fleet.forgetGone(Duration.ofMinutes(1))).isEqualTo(1);
        }
    }

    /** For the others it was gone meanwhile, and they may have moved on. */
    @Test
    void aHeartbeatThatHadToWaitForTooLongIsNotInTime() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.start();
            Fleet fleet = new Fleet(world.databases().controlDsl(), Duration.ofMillis(500));
            Instance instance = new Instance(UUID.randomUUID(), "host/1", "2.4");
            fleet.heartbeat(instance, Map.of(), Map.of());
            CompletableFuture<Heartbeat> late;
            try (Connection other = world.databases().legacy().getConnection()) {
                other.setAutoCommit(false);
                other.createStatement().execute("select * from crossfade.instance for update");
                late = CompletableFuture.supplyAsync(
                        () -> fleet.heartbeat(instance, Map.of(), Map.of()), OwnThread.EACH);
                Awaitility.await().until(() -> fleet.live().isEmpty());
                other.rollback();
                other.setAutoCommit(true);
            }

            assertThat(late.get(10, TimeUnit.SECONDS).inTime()).isFalse();
        }
    }

    /** It waited after taking the time that the others use. */
    @Test
    void aLeaseEndsBeforeTheOthersTakeTheInstanceToBeGoneHoweverLongItsHeartbeatWaited() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.start();
            Duration liveness = Duration.ofMillis(500);
            Fleet fleet = new Fleet(world.databases().controlDsl(), liveness);
            Instance instance = new Instance(UUID.randomUUID(), "host/1", "2.4");
            fleet.heartbeat(instance, Map.of(), Map.of());
            CompletableFuture<Heartbeat> late;
            try (TestDatabase.Session other = world.legacy().session()) {
                other.execute("begin; select * from crossfade.instance for update");
                late = CompletableFuture.supplyAsync(
                        () -> fleet.heartbeat(instance, Map.of(), Map.of()), OwnThread.EACH);
                Awaitility.await()
                        .until(() -> world.legacy()
                                .dsl()
                                .fetchValue("""
                                select exists (
                                    select from pg_stat_activity
                                    where datname = current_database() and wait_event_type = 'Lock'
                                        and clock_timestamp() - xact_start > {0} * interval '1 ms')
                                """, liveness.toMillis())
                                .equals(true));
                other.execute("commit");
            }

            double leaseEnd = Double.parseDouble(late.get(10, TimeUnit.SECONDS).leaseEnd());
            assertThat(world.legacy()
                            .dsl()
                            .fetchSingle(
                                    "select cast(extract(epoch from expires_at) as double precision) from crossfade.instance")
                            .get(0, Double.class))
                    .isGreaterThan(leaseEnd);
        }
    }

    private static void age(World world, Duration by) {
        world.legacy()
                .execute("update crossfade.instance set expires_at = expires_at - interval '%d seconds'"
                        .formatted(by.toSeconds()));
    }

    private static long acknowledged(Fleet fleet, long epoch) {
        return fleet.live().stream()
                .filter(member -> member.acknowledged().getOrDefault("user", -1L) >= epoch)
                .count();
    }
}
