package dev.crossfade;

import static dev.crossfade.InTime.inTime;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jooq.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 1: whatever happens to the mirror, the authoritative write succeeds within the mirror's budget, the
 * caller sees no failure, an intent is left, and the mirror catches up when the obstacle is gone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NeverBlockedIT {

    private static final Duration BUDGET = Duration.ofMillis(50);

    private final Map<Place, World> worlds = new HashMap<>();

    record Place(Topology topology, Stage stage) {

        Side mirror() {
            return stage.authority().opposite();
        }

        Relation relation() {
            return Users.MAPPING.relation(mirror());
        }

        Table<?> mirrorTable() {
            return relation().toTable();
        }
    }

    static Stream<Arguments> obstaclesEverywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY)
                        .flatMap(stage -> Stream.of(Obstacle.values())
                                .map(obstacle -> Arguments.of(new Place(topology, stage), obstacle))));
    }

    static Stream<Place> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology ->
                        Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY).map(stage -> new Place(topology, stage)));
    }

    @AfterAll
    void close() {
        worlds.values().forEach(World::close);
    }

    @ParameterizedTest
    @MethodSource("obstaclesEverywhere")
    void everyWriteSucceedsInTimeAndReachesTheMirrorLater(Place place, Obstacle obstacle) throws Exception {
        World world = world(place);
        InterceptedDataSource legacy =
                new InterceptedDataSource(world.databases().legacy());
        InterceptedDataSource modern = place.topology() == Topology.ONE_DATABASE
                ? legacy
                : new InterceptedDataSource(world.databases().modern());
        Crossfade crossfade =
                world.start(RoutingSettings.DEFAULTS.withMirrorBudget(BUDGET), new Databases(legacy, modern));
        try {
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            users.deleteAll(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L));
            users.saveAll(List.of(user(1, "old"), user(2, "old"), user(3, "old"), user(4, "old"), user(5, "old")));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();

            try (AutoCloseable put =
                    obstacle.put(world.of(place.mirror()), place.relation(), List.of(legacy, modern))) {
                inTime("save", () -> users.save(user(1, "saved")));
                inTime("save of many", () -> users.saveAll(List.of(user(2, "saved"), user(6, "saved"))));
                inTime("delete", () -> assertThat(users.delete(3L)).isTrue());
                inTime(
                        "statement",
                        () -> assertThat(Users.rename(users, 4, "Written")).isEqualTo(1));
                inTime(
                        "transaction",
                        () -> crossfade.transaction(tx -> {
                            users.in(tx).save(user(5, "saved"));
                            users.in(tx).save(user(7, "saved"));
                            return null;
                        }));

                assertWritten(new SideUsers(crossfade.routing(), place.stage().authority()));
                assertThat(world.intents() + world.missedWrites()).isPositive();
            }

            world.drain();
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.differences()).isEmpty();
            assertWritten(users);
            assertThat(users.find(1L)).contains(user(1, "saved"));
        } finally {
            world.stop(crossfade);
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void theMirrorBecomesLevelByItselfAfterAnOutage(Place place) throws Exception {
        World world = world(place);
        Crossfade crossfade = world.start(RoutingSettings.DEFAULTS.withMirrorBudget(BUDGET));
        try {
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            try (AutoCloseable put = Obstacle.inSession(
                    world.of(place.mirror()),
                    "lock table %s in access exclusive mode".formatted(place.mirrorTable()))) {
                for (int id = 1; id <= 20; id++) {
                    users.save(user(id, "during"));
                }
                assertThat(crossfade.pending("user")).isPositive();
            }
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        } finally {
            world.stop(crossfade);
        }
    }

    /** The caller's thread may be interrupted while it writes the mirror; its write still counts. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void anInterruptionDuringTheMirrorsPartDoesNotFailTheWrite(Place place) throws Exception {
        World world = world(place);
        InterceptedDataSource legacy =
                new InterceptedDataSource(world.databases().legacy());
        InterceptedDataSource modern = place.topology() == Topology.ONE_DATABASE
                ? legacy
                : new InterceptedDataSource(world.databases().modern());
        Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, new Databases(legacy, modern));
        try {
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            Thread caller = Thread.currentThread();
            for (InterceptedDataSource one : List.of(legacy, modern)) {
                one.intercept(sql -> {
                    if (sql.contains("into " + place.mirrorTable())
                            && Thread.currentThread().equals(caller)) {
                        caller.interrupt();
                    }
                });
            }

            users.save(user(1, "interrupted"));

            // The flag is set where the mirror's part runs on the caller's thread; cleared for the rest of the test.
            assertThat(Thread.interrupted()).isEqualTo(place.topology() == Topology.ONE_DATABASE);
            assertThat(users.find(1L)).contains(user(1, "interrupted"));
            legacy.letGo();
            modern.letGo();
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.differences()).isEmpty();
        } finally {
            world.stop(crossfade);
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aRowThatAnotherTableRefersToAsLateAsAtCommitDoesNotFailTheDelete(Place place) throws Exception {
        World world = world(place);
        TestDatabase mirror = world.of(place.mirror());
        Crossfade crossfade = world.start(RoutingSettings.DEFAULTS.withMirrorBudget(BUDGET));
        try {
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            users.save(user(1, "referred to"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            mirror.execute(
                    "create table referrer (id bigint references %s deferrable initially deferred)"
                            .formatted(place.mirrorTable()),
                    "insert into referrer values (1)");
            Crossfade started = world.start(RoutingSettings.DEFAULTS.withMirrorBudget(BUDGET));
            try {
                assertThat(new DualWriteUsers(started.routing()).delete(1L)).isTrue();
                assertThat(world.intents() + world.missedWrites()).isPositive();
            } finally {
                mirror.execute("drop table referrer");
                world.drain();
                started.awaitLevel(Duration.ofSeconds(20));
                world.stop(started);
            }
            assertThat(world.differences()).isEmpty();
        } finally {
            world.stop(crossfade);
        }
    }

    private World world(Place place) {
        return worlds.computeIfAbsent(place, new_ -> {
            World world = new World(place.topology());
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, place.stage());
            users.save(user(1, "first"));
            world.stop(crossfade);
            Obstacle.prepare(world.of(place.mirror()));
            return world;
        });
    }

    private static void assertWritten(Users.UserRepository users) {
        assertThat(users.find(1L)).contains(user(1, "saved"));
        assertThat(users.find(2L)).contains(user(2, "saved"));
        assertThat(users.find(3L)).isEmpty();
        assertThat(users.find(4L))
                .hasValueSatisfying(user -> assertThat(user.name()).startsWith("Written"));
        assertThat(users.find(5L)).contains(user(5, "saved"));
        assertThat(users.find(6L)).contains(user(6, "saved"));
        assertThat(users.find(7L)).contains(user(7, "saved"));
    }

    private static User user(long id, String name) {
        return new User(id, "u" + id + "@example.org", "U" + id + " " + name);
    }
}
