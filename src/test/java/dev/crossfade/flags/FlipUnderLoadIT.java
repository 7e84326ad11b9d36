package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.testing.Flips;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.PausedProcess;
import dev.crossfade.testing.SteadySaves;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How long writers are blocked while the authority moves, whatever happens meanwhile. */
class FlipUnderLoadIT {

    /** Far above the window, far below the time of a flip that waits for the service's own threads. */
    private static final Duration BEARABLE = Duration.ofSeconds(3);

    /** Every statement in the long form. */
    private static final int STRIDE = Integer.getInteger("crossfade.torture.steps", 6) > 6 ? 1 : 4;

    @ParameterizedTest
    @EnumSource
    void aServiceWhoseThreadsHaveAllOfItsPoolMovesItsOwnAuthority(Topology topology) {
        try (World world = new World(topology)) {
            DataSource legacy = world.legacy().newDataSource(pool -> pool.setMaximumPoolSize(2));
            DataSource modern = topology == Topology.ONE_DATABASE
                    ? legacy
                    : world.modern().newDataSource(pool -> pool.setMaximumPoolSize(2));
            Crossfade crossfade = world.start(builder -> builder.legacy(legacy).modern(modern));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            try (SteadySaves saves = new SteadySaves(users, 50)) {
                for (Stage to : List.of(Stage.MODERN_PRIMARY, Stage.MODERN_READ, Stage.MODERN_PRIMARY)) {
                    saves.awaitMore(200);
                    force(crossfade, to);
                    saves.awaitMore(200);
                }
                assertThat(saves.failures()).isEmpty();
                assertThat(saves.longest()).isLessThan(BEARABLE);
                saves.close();
                world.drain();
                assertThat(world.differences()).isEmpty();
                assertThat(saves.lost(users)).isEmpty();
            }
        }
    }

    /** The attempts end; in between writers continue. */
    @ParameterizedTest
    @EnumSource
    void aLockedMirrorRowDoesNotHoldWritersUp(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            users.save(new User(1, null, "v 0"));
            world.drain();
            try (TestDatabase.Session somebody = world.modern().session();
                    SteadySaves saves = new SteadySaves(users, 8)) {
                somebody.execute("begin; select from modern.accounts where account_id = 1 for update");
                users.save(new User(1, null, "v 1"));
                CompletableFuture<Void> flip =
                        CompletableFuture.runAsync(() -> force(crossfade, Stage.MODERN_PRIMARY), OwnThread.EACH);
                assertThatThrownBy(() -> flip.get(4, TimeUnit.SECONDS)).isInstanceOf(Exception.class);
                assertThat(saves.longest()).isLessThan(Duration.ofSeconds(2));
                somebody.execute("rollback");

                flip.orTimeout(60, TimeUnit.SECONDS).join();

                assertThat(saves.failures()).isEmpty();
                saves.close();
                world.drain();
                assertThat(world.differences()).isEmpty();
                assertThat(saves.lost(users)).isEmpty();
            }
        }
    }

    static Stream<Arguments> flips() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.MODERN_PRIMARY, Stage.MODERN_READ, Stage.MODERN_ONLY)
                        .map(to -> Arguments.of(topology, to)));
    }

    /** The process is paused before each statement from the first lock on: the server ends its attempt. */
    @ParameterizedTest
    @MethodSource("flips")
    void aFlipThatStandsStillHoldsNobodyUpForLong(Topology topology, Stage to) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            Stage from = to == Stage.MODERN_PRIMARY ? Stage.MODERN_READ : Stage.MODERN_PRIMARY;
            world.moveTo(crossfade, from);
            boolean reached = true;
            for (int statement = 1; reached; statement += STRIDE) {
                try (SteadySaves saves = new SteadySaves(users, 4)) {
                    saves.awaitMore(20);
                    reached = PausedProcess.before(
                            world,
                            sql -> sql.contains("pg_advisory_xact_lock("),
                            statement,
                            databases -> Flips.ofUsers(databases, Duration.ofSeconds(30))
                                    .change(request(to)),
                            () -> saves.awaitMore(20));
                    assertThat(saves.failures()).isEmpty();
                    assertThat(saves.longest())
                            .as("longest save while the flip stood still before statement %d", statement)
                            .isLessThan(Duration.ofSeconds(2));
                    saves.close();
                    assertThat(saves.lost(users)).isEmpty();
                }
                if (crossfade.stages().standing("user").stage().mirrors()) {
                    world.drain();
                    assertThat(world.differences()).isEmpty();
                }
                if (crossfade.stages().standing("user").stage() != from) {
                    world.moveTo(crossfade, from);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void missedWritesRefuseItAtOnce(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing()).find(1L);
            world.moveTo(crossfade, Stage.MODERN_READ);
            new MissedWrites(world.databases().controlDsl())
                    .missed("user", RecordKey.of("1"), Side.MODERN, new SQLException("no", "22001"));
            long start = System.nanoTime();

            assertThatThrownBy(() -> force(crossfade, Stage.MODERN_PRIMARY))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("cannot move over its 1 missed writes")
                    .hasMessageContaining("crossfade queue list user");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    private static void force(Crossfade crossfade, Stage to) {
        crossfade.stages().change(request(to));
    }

    private static Request request(Stage to) {
        return new Request(List.of("user"), to, new Author("test", "a test's own step"), true);
    }
}
