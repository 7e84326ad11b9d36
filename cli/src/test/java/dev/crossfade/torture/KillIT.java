package dev.crossfade.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 2 under {@code kill -9} at random moments under load: of service processes, of the worker, and of the
 * servers, whose commits are durable. Every save that returned is there, and after the drain the sides do not differ.
 * Both are checked here, not by the product.
 *
 * <p>{@code -Dtorture.kills} sets how many services are killed in each topology and stage; for every five of them, one
 * worker, and for every twenty-five, each server.
 */
class KillIT {

    private static final int SERVICES = Integer.getInteger("crossfade.torture.kills", 2);
    private static final int WORKERS = atLeastOne(SERVICES / 5);
    private static final int SERVERS = atLeastOne(SERVICES / 25);

    private static StoppableServer legacy;
    private static StoppableServer modern;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        legacy = StoppableServer.createDurable();
        modern = StoppableServer.createDurable();
    }

    @AfterAll
    static void stop() {
        legacy.close();
        modern.close();
    }

    /** Both authoritative sides only in the long form. */
    static Stream<Arguments> places() {
        List<Stage> stages = SERVICES > 2 ? List.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY) : List.of(Stage.DUAL_WRITE);
        return Stream.of(Topology.values())
                .flatMap(topology -> stages.stream().map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatWasAcknowledgedIsThereAndNothingDiffers(Topology topology, Stage stage) throws Exception {
        boolean separate = topology == Topology.TWO_DATABASES;
        try (World world = new World(legacy.createDatabase(), separate ? modern.createDatabase() : null)) {
            assertThat(isDurable(world)).isTrue();
            TortureService.generateKeys(world);
            Crossfade first = world.start();
            assertThat(new DualWriteUsers(first.routing()).find(1L)).isEmpty();
            world.moveTo(first, stage);
            world.stop(first);
            try (KillRun run = new KillRun(world, stage, folder)) {
                run.killServices(SERVICES);
                run.killWorkers(WORKERS);
                run.killServer("control server", legacy, SERVERS);
                if (separate) {
                    run.killServer("modern server", modern, SERVERS);
                }
                run.check();
            }
        }
    }

    private static boolean isDurable(World world) {
        return Stream.of(world.legacy(), world.modern())
                .map(database -> database.dsl())
                .allMatch(dsl -> "on on"
                        .equals(dsl.fetchValue(
                                "select current_setting('fsync') || ' ' || current_setting('synchronous_commit')")));
    }

    private static int atLeastOne(int number) {
        return Math.max(1, number);
    }
}
