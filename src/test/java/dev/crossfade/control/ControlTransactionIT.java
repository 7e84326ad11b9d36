package dev.crossfade.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.flags.StandingRecovery;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.Stage;
import dev.crossfade.stages.StagePoller;
import dev.crossfade.testing.Flips;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.PausedProcess;
import dev.crossfade.testing.SteadySaves;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processes that are paused between two statements on Crossfade's own tables, while others start, move stages and
 * write. An interrupted start begins again.
 */
class ControlTransactionIT {

    /** The longest silence that the server allows, a start's own time on a busy machine, and some more. */
    private static final Duration BOUND = Duration.ofSeconds(8);

    private static final Duration BEARABLE_SAVE = Duration.ofSeconds(2);

    /** Every statement in the long form. */
    private static final int STRIDE = Integer.getInteger("crossfade.torture.steps", 6) > 6 ? 1 : 5;

    private enum Work {
        /** Records its tables, as at the first start of an entity. */
        REGISTRATION,
        START,
        STAGE,
        RECOVERY;

        void run(Databases databases) {
            switch (this) {
                case REGISTRATION -> EntityTables.register(databases, "user", Users.MAPPING.tables());
                case START -> register(databases);
                case STAGE -> changer(databases).change(to(Stage.SHADOW_READ));
                case RECOVERY -> new StandingRecovery(databases, "user").thaw(control -> {});
            }
        }
    }

    static Stream<Arguments> works() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Work.values()).map(work -> Arguments.of(topology, work)));
    }

    @ParameterizedTest
    @MethodSource("works")
    void whoeverStandsStillIsCutOffAndTheOthersGoOn(Topology topology, Work work) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            boolean reached = true;
            for (int statement = 2; reached; statement += STRIDE) {
                world.moveTo(crossfade, Stage.DUAL_WRITE);
                if (work == Work.REGISTRATION) {
                    world.legacy().execute("delete from crossfade.entity_table");
                }
                try (SteadySaves saves = new SteadySaves(users, 2)) {
                    saves.awaitMore(10);
                    AtomicReference<RuntimeException> failure = new AtomicReference<>();
                    reached = PausedProcess.before(
                            world,
                            ControlTransactionIT::locks,
                            statement,
                            databases -> run(work, databases, failure),
                            () -> {
                                othersStart(world);
                                saves.awaitMore(10);
                            });
                    saves.close();

                    if (work == Work.REGISTRATION || work == Work.START) {
                        assertThat(failure)
                                .as("failure of a start that stood still before statement %d", statement)
                                .hasNullValue();
                    }

                    assertThat(saves.failures()).isEmpty();
                    assertThat(saves.longest())
                            .as("longest save while it stood still before statement %d", statement)
                            .isLessThan(BEARABLE_SAVE);
                }
            }
        }
    }

    private static void run(Work work, Databases databases, AtomicReference<RuntimeException> failure) {
        try {
            work.run(databases);
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    private static boolean locks(String sql) {
        return sql.contains("pg_advisory_xact_lock");
    }

    /** An instance that registers, and a command that moves a stage, need the same locks. */
    private static void othersStart(World world) {
        long start = System.nanoTime();
        CompletableFuture.runAsync(
                        () -> {
                            EntityTables.register(world.databases(), "user", Users.MAPPING.tables());
                            register(world.databases());
                            new StandingRecovery(world.databases(), "user").thaw(control -> {});
                        },
                        OwnThread.EACH)
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    }

    private static void register(Databases databases) {
        try (StagePoller poller = new StagePoller(
                databases,
                new Fleet(databases.controlDsl()),
                Instance.ofThisProcess("late"),
                new StagePoller.Start(Duration.ofHours(1), ModernSchema.upToDate(databases)))) {
            poller.register(Users.MAPPING);
        }
    }

    private static StageChanger changer(Databases databases) {
        return Flips.ofUsers(databases, Duration.ofSeconds(30));
    }

    private static Request to(Stage stage) {
        return new Request(List.of("user"), stage, new Author("test", "a test's own step"), true);
    }
}
