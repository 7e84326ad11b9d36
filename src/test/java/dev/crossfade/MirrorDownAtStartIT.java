package dev.crossfade;

import static dev.crossfade.InTime.inTime;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.LongForm;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A service starts while the mirror's server is down: writers are served as by a running instance, and the mirror
 * catches up by itself once the server is back.
 */
class MirrorDownAtStartIT {

    private static StoppableServer server;

    @BeforeAll
    static void start() {
        server = StoppableServer.createDurable();
    }

    @AfterEach
    void bringBack() {
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"LEGACY_ONLY", "DUAL_WRITE", "SHADOW_READ", "MODERN_READ"})
    void aServiceIsRestartedInEachStageInWhichLegacyDecides(Stage stage) throws Exception {
        try (World world = worldAt(stage)) {
            server.stop();
            Crossfade crossfade = startWithout(world);
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());

            assertServed(world, crossfade, users, stage);
            assertThat(crossfade.modernTrouble())
                    .hasValueSatisfying(trouble -> assertThat(trouble)
                            .contains("The modern database cannot be used", "localhost:", "refused"));

            server.start();
            assertLevel(world, crossfade, stage);
            assertThat(crossfade.frozen()).isEmpty();
            assertThat(users.find(1L)).contains(user(1, "during"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"LEGACY_ONLY", "DUAL_WRITE", "SHADOW_READ", "MODERN_READ"})
    @LongForm
    void instancesAreExchangedOneByOne(Stage stage) throws Exception {
        try (World world = worldAt(stage)) {
            Crossfade before = startWithout(world);
            DualWriteUsers usersBefore = new DualWriteUsers(before.routing());
            server.stop();
            inTime("save by the old instance", () -> usersBefore.save(user(5, "old")));

            Crossfade after = startWithout(world);
            DualWriteUsers users = new DualWriteUsers(after.routing());
            inTime("save beside the new one", () -> usersBefore.save(user(6, "old")));
            world.stop(before);

            assertServed(world, after, users, stage);
            server.start();
            awaitUsable(after);
            if (stage.mirrors()) {
                // The worker applies what the ended instance left.
                world.drain();
            }
            assertLevel(world, after, stage);
        }
    }

    /** In one database only the mirror's table can fail. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"LEGACY_ONLY", "DUAL_WRITE", "SHADOW_READ", "MODERN_READ"})
    @LongForm
    void aServiceIsRestartedWhileTheMirrorsTableIsAway(Stage stage) throws Exception {
        try (World world = worldAt(stage, TestDatabases.create(), null)) {
            world.legacy().execute("alter table modern.accounts rename to away");
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());

            assertServed(world, crossfade, users, stage);
            assertThat(crossfade.modernTrouble()).isEmpty();

            world.legacy().execute("alter table modern.away rename to accounts");
            assertLevel(world, crossfade, stage);
        }
    }

    /** Each further attempt would cost the pool's timeout again. */
    @Test
    void aHostThatSwallowsPacketsIsNotWaitedForAgainAndAgain() throws Exception {
        try (World world = worldAt(Stage.MODERN_READ);
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Databases connections =
                    new Databases(world.legacy().dataSource(), world.modern().newDataSource(pool -> {
                        pool.setJdbcUrl("jdbc:postgresql://localhost:%d/silent".formatted(silent.getLocalPort()));
                        pool.setConnectionTimeout(Duration.ofSeconds(30).toMillis());
                        pool.setInitializationFailTimeout(-1);
                    }));
            long start = System.nanoTime();

            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, connections);
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            assertServed(world, crossfade, users, Stage.MODERN_READ);
            assertThat(crossfade.modernTrouble()).contains("The modern database has not answered yet.");
        }
    }

    /** The modern database has the schema of an older version when it comes back. */
    @Test
    void theSchemaIsUpgradedWhenTheServerIsBack() throws Exception {
        try (World world = worldAt(Stage.DUAL_WRITE)) {
            world.modern().execute("""
                    drop table crossfade.mirrored;
                    alter table crossfade.intent drop column noted_by;
                    update crossfade.control_version set version = 6 where part = 'SIDE'
                    """);
            server.stop();
            Crossfade crossfade = startWithout(world);
            assertServed(world, crossfade, new DualWriteUsers(crossfade.routing()), Stage.DUAL_WRITE);

            server.start();

            assertLevel(world, crossfade, Stage.DUAL_WRITE);
            assertThat(world.modern().dsl().fetchValue("select count(*) > 0 from crossfade.mirrored"))
                    .isEqualTo(true);
        }
    }

    /** It answers, but its schema cannot be upgraded: nobody uses it as it is. */
    @Test
    void nothingIsMirroredByASchemaOfAnotherVersion() throws Exception {
        try (World world = worldAt(Stage.MODERN_READ)) {
            world.modern().execute("update crossfade.control_version set version = 6 where part = 'SIDE'");
            Crossfade crossfade = startWithout(world);
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            users.save(user(1, "during"));

            assertThat(crossfade.modernTrouble())
                    .hasValueSatisfying(trouble -> assertThat(trouble).contains("could not be brought up to date"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(3))).isFalse();
            assertThat(world.modern().dsl().fetchCount(DSL.table(DSL.name("modern", "accounts"))))
                    .isEqualTo(1);

            assertThatThrownBy(() -> world.step(crossfade, Stage.MODERN_PRIMARY))
                    .hasStackTraceContaining("left alone until its schema crossfade is up to date");

            world.modern().execute("update crossfade.control_version set version = 7 where part = 'SIDE'");

            assertLevel(world, crossfade, Stage.MODERN_READ);
        }
    }

    /** Users at a stage, one of them saved before; no service runs. */
    private static World worldAt(Stage stage) throws InterruptedException {
        return worldAt(stage, TestDatabases.create(), server.createDatabase());
    }

    private static World worldAt(Stage stage, TestDatabase legacy, @Nullable TestDatabase modern)
            throws InterruptedException {
        World world = new World(legacy, modern);
        Crossfade before = world.start();
        DualWriteUsers users = new DualWriteUsers(before.routing());
        world.moveTo(before, stage);
        users.save(user(2, "before"));
        assertThat(before.awaitLevel(Duration.ofSeconds(20))).isTrue();
        world.stop(before);
        return world;
    }

    private static Crossfade startWithout(World world) {
        return world.start(
                RoutingSettings.DEFAULTS,
                new Databases(
                        world.legacy().newDataSource(pool -> pool.setConnectionTimeout(1000)),
                        world.modern().newDataSource(pool -> {
                            pool.setConnectionTimeout(500);
                            pool.setInitializationFailTimeout(-1);
                        })));
    }

    private static void assertServed(World world, Crossfade crossfade, DualWriteUsers users, Stage stage) {
        assertThat(crossfade.stage("user")).isEqualTo(stage);
        inTime("save", () -> users.save(user(1, "during")));
        inTime("delete", () -> assertThat(users.delete(2L)).isTrue());
        inTime(
                "transaction",
                () -> crossfade.transaction(tx -> {
                    users.in(tx).save(user(3, "during"));
                    return null;
                }));
        assertThat(Intents.count(world.databases().controlDsl(), "user") > 0)
                .as("intents")
                .isEqualTo(stage.mirrors());
        inTime("find", () -> assertThat(users.find(1L)).contains(user(1, "during")));
        inTime("find what is gone", () -> assertThat(users.find(2L)).isEmpty());
        assertThat(users.findByEmail("u3@example.org")).contains(user(3, "during"));
    }

    private static void awaitUsable(Crossfade crossfade) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(crossfade.modernTrouble()).isEmpty());
    }

    private static void assertLevel(World world, Crossfade crossfade, Stage stage) throws InterruptedException {
        awaitUsable(crossfade);
        assertThat(crossfade.awaitLevel(Duration.ofSeconds(60))).isTrue();
        if (stage.mirrors()) {
            // The test's own pool may still hand out a connection from before the stop.
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(world.differences()).isEmpty());
        }
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(AuthorityTable.find(world.modern().dsl(), "user"))
                                .isEqualTo(AuthorityTable.find(world.legacy().dsl(), "user")));
    }

    private static User user(long id, String name) {
        return new User(id, "u" + id + "@example.org", "U" + id + " " + name);
    }
}
