package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.flags.StandingWatch;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service does not start without a database that its entities need: the message says which one, and why. */
class NeededAtStartIT {

    private static final User ADA = new User(1, null, "Ada One");

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
            names = {"MODERN_PRIMARY", "MODERN_ONLY"})
    void theModernDatabaseWhereItDecides(Stage stage) {
        try (World world = modernDownAt(stage)) {
            Crossfade crossfade = startImpatiently(world);

            assertThatThrownBy(() -> new DualWriteUsers(crossfade.routing()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("user stands at %s: the modern database decides there", stage.label())
                    .hasMessageContaining("The modern database (data source new) cannot be used.")
                    .hasMessageContaining("localhost:");
            assertThat(crossfade.mappings()).as("served").isEmpty();

            server.start();
            awaitServed(crossfade);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "MODERN_PRIMARY"})
    void theLegacyDatabaseInEachStageAsItHasTheRecord(Stage stage) {
        try (World world = new World(server.createDatabase(), TestDatabases.create())) {
            world.usersAt(stage);
            server.stop();

            assertThatThrownBy(() -> startImpatiently(world))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("The legacy database (data source old) cannot be used.")
                    .hasMessageContaining("localhost:");
        }
    }

    @Test
    void theModernDatabaseWhereThereIsNoControlSchemaYet() {
        try (World world = new World(TestDatabases.create(), server.createDatabase())) {
            server.stop();

            assertThatThrownBy(() -> startImpatiently(world))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("There is no schema crossfade in the legacy database")
                    .hasMessageContaining("The modern database (data source new) cannot be used.");
            assertThat(world.legacy().dsl().fetchValue("select to_regnamespace('crossfade') is null"))
                    .as("made anew")
                    .isEqualTo(true);
        }
    }

    @Test
    void theModernDatabaseForAnEntityWithoutARecord() {
        try (World world = modernDownAt(Stage.DUAL_WRITE)) {
            world.legacy().execute("delete from crossfade.authority", "delete from crossfade.stage_change");
            Crossfade crossfade = startImpatiently(world);

            assertThatThrownBy(() -> new DualWriteUsers(crossfade.routing()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("The control database does not know user.")
                    .hasMessageContaining("The modern database (data source new) cannot be used.");
            assertThat(AuthorityTable.find(world.legacy().dsl(), "user")).isEmpty();

            server.start();
            Awaitility.await()
                    .untilAsserted(() -> assertThatThrownBy(() -> new DualWriteUsers(crossfade.routing()))
                            .hasMessageContaining("has lost the stage of user"));
        }
    }

    @Test
    void theModernDatabaseWhereTheLegacyOneHasGoneBack() {
        try (World world = modernDownAt(Stage.DUAL_WRITE)) {
            world.legacy().execute("update crossfade.identity set timeline = timeline + 6");
            Crossfade crossfade = startImpatiently(world);

            assertThatThrownBy(() -> new DualWriteUsers(crossfade.routing()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("the legacy database is not what it was")
                    .hasMessageContaining("Which stage was decided last cannot be told");
            assertThat(AuthorityTable.fence(world.legacy().dsl(), "user").flatMap(Fence::frozen))
                    .isPresent();
        }
    }

    @Test
    void whoeverElseKnowsANewerStage() {
        try (World world = modernDownAt(Stage.MODERN_READ)) {
            new Fleet(world.legacy().dsl()).heartbeat(Instance.ofThisProcess("other"), Map.of("user", 99L), Map.of());
            Crossfade crossfade = startImpatiently(world);

            assertThatThrownBy(() -> new DualWriteUsers(crossfade.routing()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("a live instance acts under epoch 99");
        }
    }

    /**
     * The modern database may know what the control database has lost. Data lost in the modern one says nothing about
     * the stage.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theModernDatabaseWhereTheEntityIsFrozenBecauseOfTheRecord(boolean byTheModernDatabase) {
        try (World world = modernDownAt(Stage.MODERN_READ)) {
            AuthorityTable.freeze(
                    world.legacy().dsl(),
                    "user",
                    byTheModernDatabase
                            ? "the modern database is not what it was: it is on another server."
                            : "the control database says modern-read (epoch 3), and modern-primary (epoch 4) was decided before.");
            Crossfade crossfade = startImpatiently(world);

            if (byTheModernDatabase) {
                assertThatCode(() -> new DualWriteUsers(crossfade.routing()).save(ADA))
                        .doesNotThrowAnyException();
            } else {
                assertThatThrownBy(() -> new DualWriteUsers(crossfade.routing()))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("user is frozen")
                        .hasMessageContaining("Which stage was decided last cannot be told");
            }
        }
    }

    /** Users at a stage whom nobody serves, while the modern server is down. */
    private static World modernDownAt(Stage stage) {
        TestDatabase modern = server.createDatabase();
        World world = new World(TestDatabases.create(), modern);
        Crossfade before = world.start();
        new DualWriteUsers(before.routing());
        world.moveTo(before, stage);
        world.stop(before);
        new StandingWatch(world.databases()).look(Map.of());
        server.stop();
        return world;
    }

    private static Crossfade startImpatiently(World world) {
        return world.start(builder -> builder.legacy(world.legacy().newDataSource(pool -> {
                    pool.setConnectionTimeout(1000);
                    pool.setInitializationFailTimeout(-1);
                }))
                .modern(world.modern().newDataSource(pool -> {
                    pool.setConnectionTimeout(500);
                    pool.setInitializationFailTimeout(-1);
                }))
                .dataSourceName(Side.LEGACY, "old")
                .dataSourceName(Side.MODERN, "new"));
    }

    private static void awaitServed(Crossfade crossfade) {
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertThatCode(() -> new DualWriteUsers(crossfade.routing()).save(ADA))
                        .doesNotThrowAnyException());
    }
}
