package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.Loop;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Traffic;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 3: once intents and missed writes are drained, both sides are equal under the mapping, whatever the
 * interleaving: everything at once, at random. {@link CounterexamplesIT} has the interleavings that are known to hurt.
 */
class ConvergenceIT {

    private static final Duration TRAFFIC = Duration.ofMillis(Long.getLong("crossfade.test.traffic.millis", 1500));
    private static final long SEED = Long.getLong("crossfade.test.seed", System.nanoTime());
    private static final int WRITERS = 6;
    private static final long OPERATIONS = 50;
    private static final long FLIPS = 2;

    static Stream<Arguments> mirroredStages() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.DUAL_WRITE, Stage.MODERN_READ, Stage.MODERN_PRIMARY)
                        .map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("mirroredStages")
    void writersOfTwoInstancesAndAWorkerLeaveBothSidesEqual(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade one = world.start();
            // It writes no mirror itself, so that the reconcilers have work to do.
            Crossfade other = world.start(RoutingSettings.DEFAULTS
                    .withMirrorBudget(Duration.ofMillis(1))
                    .withModernWrite(false));
            DualWriteUsers users = new DualWriteUsers(one.routing());
            DualWriteUsers others = new DualWriteUsers(other.routing());
            world.moveTo(one, stage);
            Drain drain = new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE));

            Traffic traffic = new Traffic(one, users, WRITERS, SEED);
            try (traffic;
                    Loop worker = Loop.of(() -> drainOnce(drain));
                    Loop elsewhere = Loop.of(() -> writeShared(others))) {
                TimeUnit.NANOSECONDS.sleep(TRAFFIC.toNanos());
                awaitOnABusyMachine(() -> enough(traffic) || failed(elsewhere) || failed(worker));
                traffic.close();
                elsewhere.close();
                worker.close();
                assertThat(elsewhere.failures()).isEmpty();
                assertThat(worker.failures()).isEmpty();
            }

            assertLevel(world, one, users, traffic);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theAuthorityGoesBackAndForthUnderTrafficAndLosesNothing(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            Drain drain = new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE));
            long before = epoch(crossfade);

            Traffic traffic = new Traffic(crossfade, users, WRITERS, SEED);
            try (traffic;
                    Loop worker = Loop.of(() -> drainOnce(drain));
                    Loop operator = Loop.of(() -> flip(crossfade))) {
                TimeUnit.NANOSECONDS.sleep(TRAFFIC.multipliedBy(2).toNanos());
                awaitOnABusyMachine(() ->
                        failed(operator) || failed(worker) || (enough(traffic) && epoch(crossfade) > before + FLIPS));
                operator.close();
                traffic.close();
                worker.close();
                assertThat(operator.failures()).isEmpty();
                assertThat(worker.failures()).isEmpty();
            }

            assertThat(epoch(crossfade)).isGreaterThan(before + FLIPS);
            assertLevel(world, crossfade, users, traffic);
        }
    }

    /** A busy machine may do little in the planned time; then this waits until the conditions hold. */
    private static void awaitOnABusyMachine(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    private static boolean enough(Traffic traffic) {
        return traffic.operations() > OPERATIONS || !traffic.failures().isEmpty();
    }

    private static boolean failed(Loop loop) {
        return !loop.failures().isEmpty();
    }

    private static long epoch(Crossfade crossfade) {
        return crossfade.stages().standing("user").epoch();
    }

    private static void writeShared(DualWriteUsers users) {
        for (long key = 1; key <= Traffic.SHARED; key++) {
            users.save(new User(key, "o" + key + "@example.org", "Other " + key));
            users.delete(key % Traffic.SHARED + 1);
        }
    }

    private static void flip(Crossfade crossfade) {
        Stage present = crossfade.stages().standing("user").stage();
        Stage next = present == Stage.MODERN_READ ? Stage.MODERN_PRIMARY : Stage.MODERN_READ;
        crossfade.stages().change(new Request(List.of("user"), next, new Author("test", "back and forth"), true));
    }

    private static void drainOnce(Drain drain) {
        try {
            drain.intents(Users.MAPPING, Duration.ZERO);
            drain.missedWrites(Users.MAPPING);
        } catch (MirrorOutageException e) {
            // Locks of busy writers count as an outage; the next round follows at once.
            assertThat(e).hasRootCauseInstanceOf(SQLException.class);
        }
    }

    private static void assertLevel(World world, Crossfade crossfade, DualWriteUsers users, Traffic traffic)
            throws Exception {
        assertThat(traffic.failures()).as("seed %d", SEED).isEmpty();
        assertThat(traffic.operations()).isGreaterThan(OPERATIONS);
        world.drain();
        assertThat(crossfade.awaitLevel(Duration.ofSeconds(30))).isTrue();
        assertThat(world.differences()).as("seed %d", SEED).isEmpty();
        SideUsers legacy = new SideUsers(crossfade.routing(), Side.LEGACY);
        SideUsers modern = new SideUsers(crossfade.routing(), Side.MODERN);
        traffic.acknowledged().forEach((key, user) -> {
            assertThat(users.find(key)).as("seed %d", SEED).isEqualTo(user);
            assertThat(legacy.find(key)).as("seed %d", SEED).isEqualTo(user);
            assertThat(modern.find(key)).as("seed %d", SEED).isEqualTo(user);
        });
    }
}
