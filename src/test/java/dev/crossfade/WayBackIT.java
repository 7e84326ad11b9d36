package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageHistory;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariant 6: from any stage before contraction, going back loses no write. */
class WayBackIT {

    private static final Executor ON_ITS_OWN = OwnThread.EACH;

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theLegacySideHasEverythingAfterTheWayBack(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            users.saveAll(List.of(user(1, "legacy"), user(2, "legacy"), user(3, "legacy")));
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);

            users.save(user(1, "modern"));
            users.save(user(2_000_000_000, "new"));
            users.delete(2L);
            Users.rename(users, 3, "Re Named");
            crossfade.transaction(tx -> {
                users.in(tx).save(user(5, "in a transaction"));
                return null;
            });
            world.moveTo(crossfade, Stage.LEGACY_ONLY);

            SideUsers legacy = new SideUsers(crossfade.routing(), Side.LEGACY);
            assertThat(legacy.page(null, 10))
                    .containsExactly(
                            user(1, "modern"),
                            new User(3, "u3@example.org", "Re Named"),
                            user(5, "in a transaction"),
                            user(2_000_000_000, "new"));
            assertThat(users.page(null, 10)).isEqualTo(legacy.page(null, 10));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theStepBackWaitsForAMirrorThatWasBlocked(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);
            CompletableFuture<Void> stepBack;
            try (TestDatabase.Session blocker = world.legacy().session()) {
                blocker.execute("begin; lock table legacy.users in access exclusive mode");
                users.saveAll(List.of(user(1, "while blocked"), user(2, "while blocked")));
                stepBack = CompletableFuture.runAsync(() -> change(crossfade, Stage.MODERN_READ), ON_ITS_OWN);
                users.save(user(3, "while stepping back"));
                assertThat(stepBack).isNotDone();
                assertThat(crossfade.stages().standing("user").stage()).isEqualTo(Stage.MODERN_PRIMARY);
            }
            stepBack.get(60, TimeUnit.SECONDS);
            users.save(user(4, "afterwards"));

            world.awaitAcknowledged();
            SideUsers legacy = new SideUsers(crossfade.routing(), Side.LEGACY);
            assertThat(legacy.page(null, 10)).extracting(User::id).containsExactly(1L, 2L, 3L, 4L);
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.differences()).isEmpty();
            assertThat(world.intents()).isZero();
        }
    }

    /**
     * The process that flipped died between the fence in the modern database and the record in the control database.
     */
    @Test
    void aFlipThatWasInterruptedIsCompletedByTheNextWriter() throws Exception {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);
            users.save(user(1, "before"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            Standing fence = raiseFence(world, crossfade);

            users.save(user(1, "after"));
            crossfade.transaction(tx -> {
                users.in(tx).save(user(2, "after"));
                return null;
            });

            assertCompleted(world, crossfade, fence);
            assertThat(new SideUsers(crossfade.routing(), Side.LEGACY).page(null, 10))
                    .containsExactly(user(1, "after"), user(2, "after"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.differences()).isEmpty();
        }
    }

    @Test
    void aFlipThatWasInterruptedIsCompletedByTheNextStageChange() throws Exception {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);
            users.save(user(1, "before"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            Standing fence = raiseFence(world, crossfade);

            // A step from the former stage is refused with the present one.
            assertThatThrownBy(() -> change(crossfade, Stage.MODERN_ONLY))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("user stands at modern-read");

            assertCompleted(world, crossfade, fence);
            users.save(user(1, "after"));
            assertThat(new SideUsers(crossfade.routing(), Side.LEGACY).find(1L)).contains(user(1, "after"));
        }
    }

    @Test
    void readsGoBackToLegacyAtOnceThoughTheModernServerIsDown() throws Exception {
        try (StoppableServer server = StoppableServer.create();
                World world = new World(TestDatabases.create(), server.createDatabase())) {
            Crossfade crossfade = world.start(
                    RoutingSettings.DEFAULTS,
                    new Databases(
                            world.legacy().dataSource(),
                            world.modern().newDataSource(pool -> pool.setConnectionTimeout(500))));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            users.save(user(1, "before"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();

            server.stop();
            crossfade
                    .stages()
                    .change(new Request(
                            List.of("user"), Stage.SHADOW_READ, new Author("operator", "modern is down"), false));
            Awaitility.await().until(() -> crossfade.stage("user") == Stage.SHADOW_READ);

            assertThat(users.find(1L)).contains(user(1, "before"));
            server.start();
        }
    }

    private static Standing raiseFence(World world, Crossfade crossfade) {
        Standing fence = crossfade.stages().standing("user").then(Stage.MODERN_READ);
        AuthorityTable.put(world.databases().dsl(Side.MODERN), "user", fence);
        return fence;
    }

    private static void assertCompleted(World world, Crossfade crossfade, Standing fence) {
        assertThat(crossfade.stages().standing("user")).isEqualTo(fence);
        assertThat(StageHistory.history(world.databases().controlDsl(), "user", 1))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.from()).isEqualTo(Stage.MODERN_PRIMARY.name());
                    assertThat(entry.to()).isEqualTo(Stage.MODERN_READ.name());
                });
    }

    private static void change(Crossfade crossfade, Stage stage) {
        crossfade.stages().change(new Request(List.of("user"), stage, new Author("test", "a test's own step"), true));
    }

    private static User user(long id, String name) {
        return new User(id, "u" + id + "@example.org", "U" + id + " " + name);
    }
}
