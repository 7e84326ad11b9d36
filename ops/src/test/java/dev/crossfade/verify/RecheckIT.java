package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.backfill.Orders;
import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import dev.crossfade.verify.Difference.Different;
import dev.crossfade.verify.Difference.Extra;
import dev.crossfade.verify.Difference.Missing;
import dev.crossfade.verify.Recheck.Settled;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A key that is written during the recheck is not a difference, in whatever order its writes, their intents and the
 * checks come. A check reads the authoritative row, the mirror's, and the authoritative one again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecheckIT {

    private static final RecordKey KEY = RecordKey.of("1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<Place, World> worlds = new HashMap<>();

    record Place(Topology topology, Side authority) {

        Side mirror() {
            return authority.opposite();
        }
    }

    static Stream<Place> places() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Side.values()).map(authority -> new Place(topology, authority)));
    }

    @AfterAll
    void close() {
        worlds.values().forEach(World::close);
    }

    @ParameterizedTest
    @MethodSource("places")
    void aDifferenceThatLastsIsReported(Place place) {
        Scene scene = scene(place);

        scene.removeFromMirror();

        assertThat(scene.settle().differences())
                .containsExactly(place.authority() == Side.LEGACY ? new Missing(KEY) : new Extra(KEY));
        assertThat(scene.looks()).isEqualTo(2);
    }

    /** Its row was deleted and reinserted, and only the deletion had reached the mirror. */
    @ParameterizedTest
    @MethodSource("places")
    void anIntentThatCameDuringALookCounts(Place place) {
        Scene scene = scene(place);

        for (int look = 1; look <= 3; look++) {
            scene.beforeMirrorOf(look, () -> {
                scene.removeFromMirror();
                scene.note();
            });
            scene.beforeLook(look + 1, scene::apply);
        }

        assertThat(scene.settle()).isEqualTo(new Settled(List.of(), List.of(), 0));
        assertThat(scene.looks()).isEqualTo(4);
    }

    /** The mirror was read just before it was brought up to date. */
    @ParameterizedTest
    @MethodSource("places")
    void anIntentThatIsGoneWhenALookEndsCounts(Place place) {
        Scene scene = scene(place);

        for (int look = 1; look <= 3; look++) {
            scene.beforeLook(look, () -> {
                scene.removeFromMirror();
                scene.note();
            });
            scene.beforeEndOf(look, scene::apply);
        }

        assertThat(scene.settle()).isEqualTo(new Settled(List.of(), List.of(), 0));
        assertThat(scene.looks()).isEqualTo(4);
    }

    /** It was deleted and reinserted within one check, together with both intents. */
    @ParameterizedTest
    @MethodSource("places")
    void aKeyThatGoesAndComesBackBetweenTheReadsIsNotReported(Place place) {
        Scene scene = scene(place);

        scene.beforeMirrorOf(1, scene::removeFromMirror);
        scene.beforeEndOf(1, scene::apply);

        assertThat(scene.settle()).isEqualTo(new Settled(List.of(), List.of(), 0));
        assertThat(scene.looks()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("places")
    void twoLooksThatSeeDifferentDifferencesReportNone(Place place) {
        Scene scene = scene(place);

        scene.beforeMirrorOf(1, scene::removeFromMirror);
        scene.beforeLook(2, scene::apply);
        scene.beforeMirrorOf(2, scene::changeOnMirror);
        scene.beforeLook(3, scene::apply);

        assertThat(scene.settle()).isEqualTo(new Settled(List.of(), List.of(), 0));
        assertThat(scene.looks()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("places")
    void aLookAtAWriteUnderWayForgetsWhatWasSeenBefore(Place place) {
        Scene scene = scene(place);

        scene.beforeMirrorOf(1, scene::removeFromMirror);
        scene.beforeLook(2, scene::note);
        scene.beforeLook(3, scene::apply);
        scene.beforeMirrorOf(3, scene::removeFromMirror);
        scene.beforeLook(4, scene::apply);

        assertThat(scene.settle()).isEqualTo(new Settled(List.of(), List.of(), 0));
        assertThat(scene.looks()).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("places")
    void aKeyThatIsNeverAtRestIsCountedAndNotReported(Place place) {
        Scene scene = scene(place);

        scene.changeOnMirror();
        scene.note();

        assertThat(scene.settle(Duration.ofMillis(50))).isEqualTo(new Settled(List.of(), List.of(), 1));
        scene.withdraw();
        assertThat(scene.settle().differences()).containsExactly(new Different(KEY, List.of("full_name")));
    }

    @Test
    void aPendingKeyOfAnEmptyTextIsSeenAndOneThatIsNoneIsNot() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
            List<RecordKey> keys = List.of(RecordKey.of(""), KEY);
            Recheck recheck = new Recheck(world.databases(), Users.MAPPING, Side.LEGACY, PATIENCE);

            world.legacy().execute("insert into crossfade.intent (entity, key) values ('user', '{}')");
            assertThat(recheck.pending(keys)).isEmpty();

            world.legacy().execute("insert into crossfade.intent (entity, key) values ('user', '{\"\"}')");
            assertThat(recheck.pending(keys)).containsExactly(RecordKey.of(""));
        }
    }

    private Scene scene(Place place) {
        World world = worlds.computeIfAbsent(place, absent -> {
            World fresh = new World(place.topology());
            Stage stage = place.authority() == Side.LEGACY ? Stage.DUAL_WRITE : Stage.MODERN_PRIMARY;
            Orders.moveTo(fresh.databases(), Users.MAPPING, stage);
            return fresh;
        });
        return new Scene(world, place);
    }

    /** One record that is equal on both sides, and what happens to it before some of the reads. */
    private static final class Scene {

        private static final Map<Side, String> ROWS = Map.of(
                Side.LEGACY, "insert into legacy.users values (1, 'ada@example.org', 'Ada', 'Lovelace')",
                Side.MODERN, "insert into modern.accounts values (1, 'ada@example.org', 'Ada Lovelace')");
        private static final Map<Side, String> REMOVALS =
                Map.of(Side.LEGACY, "delete from legacy.users", Side.MODERN, "delete from modern.accounts");
        private static final Map<Side, String> CHANGES = Map.of(
                Side.LEGACY, "update legacy.users set last_name = 'King'",
                Side.MODERN, "update modern.accounts set full_name = 'Ada King'");

        private final World world;
        private final Place place;
        private final Databases connections;
        private final Map<Side, Integer> reads = new EnumMap<>(Side.class);
        private final Map<Read, Runnable> script = new HashMap<>();

        /** A read of one side's row, counted from 1. */
        private record Read(Side side, int number) {}

        Scene(World world, Place place) {
            this.world = world;
            this.place = place;
            for (Side side : Side.values()) {
                world.of(side).execute(REMOVALS.get(side), ROWS.get(side));
            }
            withdraw();
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.databases().legacy());
            InterceptedDataSource modern = place.topology() == Topology.ONE_DATABASE
                    ? legacy
                    : new InterceptedDataSource(world.databases().modern());
            this.connections = new Databases(legacy, modern);
            legacy.intercept(this::before);
            modern.intercept(this::before);
        }

        /** Every read of a row names that side's table, and no other statement does. */
        private void before(String sql) {
            for (Side side : Side.values()) {
                if (sql.contains(Users.MAPPING.relation(side).toTable().toString())) {
                    int number = reads.merge(side, 1, Integer::sum);
                    script.getOrDefault(new Read(side, number), () -> {}).run();
                }
            }
        }

        void beforeLook(int look, Runnable event) {
            script.put(new Read(place.authority(), 2 * look - 1), event);
        }

        void beforeMirrorOf(int look, Runnable event) {
            script.put(new Read(place.mirror(), look), event);
        }

        void beforeEndOf(int look, Runnable event) {
            script.put(new Read(place.authority(), 2 * look), event);
        }

        void removeFromMirror() {
            world.of(place.mirror()).execute(REMOVALS.get(place.mirror()));
        }

        void changeOnMirror() {
            world.of(place.mirror()).execute(CHANGES.get(place.mirror()));
        }

        /** Leaves an intent for the key. */
        void note() {
            Notes.append(world.of(place.authority()).dsl(), "user", List.of(KEY));
        }

        /** Deletes the intents without applying them. */
        void withdraw() {
            world.of(place.authority()).execute("delete from crossfade.intent");
        }

        /** Brings the mirror up to date, then deletes the intents. */
        void apply() {
            removeFromMirror();
            world.of(place.mirror()).execute(ROWS.get(place.mirror()));
            withdraw();
        }

        Settled settle() {
            return settle(PATIENCE);
        }

        Settled settle(Duration patience) {
            return new Recheck(connections, Users.MAPPING, place.authority(), patience).settle(List.of(KEY));
        }

        /** Returns how often the key was checked. */
        int looks() {
            return reads.getOrDefault(place.mirror(), 0);
        }
    }
}
