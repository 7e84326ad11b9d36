package dev.crossfade;

import static dev.crossfade.InTime.inTime;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Invariant 1 when the mirror's server stops and comes back: writes continue, and the mirror catches up by itself. */
class StoppedServerIT {

    @Test
    void theModernServerMayStopWhileLegacyDecides() throws Exception {
        try (StoppableServer server = StoppableServer.createDurable();
                World world = new World(TestDatabases.create(), server.createDatabase())) {
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, impatient(world));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);

            outage(world, crossfade, users, server);
        }
    }

    @Test
    void theLegacyServerMayStopWhileTheModernOneDecides() throws Exception {
        try (StoppableServer server = StoppableServer.createDurable();
                World world = new World(server.createDatabase(), TestDatabases.create())) {
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, impatient(world));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);

            outage(world, crossfade, users, server);
        }
    }

    private static void outage(World world, Crossfade crossfade, DualWriteUsers users, StoppableServer mirror)
            throws Exception {
        users.saveAll(List.of(user(2, "before"), user(3, "before"), user(4, "before")));
        assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
        mirror.stop();
        try {
            inTime("save", () -> users.save(user(1, "during")));
            inTime("save of many", () -> users.saveAll(List.of(user(2, "during"), user(5, "during"))));
            inTime("delete", () -> assertThat(users.delete(3L)).isTrue());
            inTime(
                    "statement",
                    () -> assertThat(Users.rename(users, 4, "During")).isEqualTo(1));
            inTime(
                    "transaction",
                    () -> crossfade.transaction(tx -> {
                        users.in(tx).save(user(6, "during"));
                        return null;
                    }));
            assertThat(users.find(1L)).contains(user(1, "during"));
            assertThat(users.find(3L)).isEmpty();
        } finally {
            mirror.start();
        }
        assertThat(crossfade.awaitLevel(Duration.ofSeconds(60))).isTrue();
        // The test's own pool may still hand out a connection from before the stop.
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(world.differences()).isEmpty());
        assertThat(users.find(6L)).contains(user(6, "during"));
    }

    /** Connections that do not wait long for a server that is down, so that the test does not either. */
    private static Databases impatient(World world) {
        return new Databases(
                world.legacy().newDataSource(pool -> pool.setConnectionTimeout(500)),
                world.modern().newDataSource(pool -> pool.setConnectionTimeout(500)));
    }

    private static User user(long id, String name) {
        return new User(id, "u" + id + "@example.org", "U" + id + " " + name);
    }
}
