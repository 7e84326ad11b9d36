package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.MirrorOutage;
import dev.crossfade.testing.RollingDeploy;
import dev.crossfade.testing.RollingDeploy.Instance;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The instances of a service are exchanged one by one while the mirror cannot be used, and writers continue
 * throughout, in every stage.
 */
@Isolated("how long a save takes is measured")
class RollingDeployIT {

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

    /**
     * Every stage in the long form ({@code -Dtorture.everywhere=true}); else one in which each side decides, as tests
     * that measure time run alone.
     */
    static Stream<Arguments> outages() {
        boolean everywhere = Boolean.getBoolean("crossfade.torture.everywhere");
        List<Stage> stages = everywhere ? List.of(Stage.values()) : List.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY);
        Stream<Arguments> together = stages.stream()
                .flatMap(stage -> Stream.of(MirrorOutage.TABLE_AWAY, MirrorOutage.TABLE_LOCKED)
                        .map(outage -> Arguments.of(Topology.ONE_DATABASE, stage, outage)));
        Stream<Arguments> down =
                stages.stream().map(stage -> Arguments.of(Topology.TWO_DATABASES, stage, MirrorOutage.SERVER_DOWN));
        Stream<Arguments> locked = Stream.of(Stage.MODERN_READ, Stage.MODERN_PRIMARY)
                .map(stage -> Arguments.of(Topology.TWO_DATABASES, stage, MirrorOutage.TABLE_LOCKED));
        return Stream.of(together, down, locked).flatMap(one -> one);
    }

    @ParameterizedTest
    @MethodSource("outages")
    void writersGoOnWhileInstancesAreExchanged(Topology topology, Stage stage, MirrorOutage outage)
            throws InterruptedException {
        Side mirror = stage.authority().opposite();
        // Where modern decides, the mirror's server also has the record of the stages, without which no instance
        // starts.
        boolean waits = outage == MirrorOutage.SERVER_DOWN && mirror == Side.LEGACY;
        try (World world = world(topology, outage == MirrorOutage.SERVER_DOWN ? mirror : null)) {
            Crossfade before = start(world, mirror).crossfade();
            world.moveTo(before, stage);
            world.stop(before);
            try (RollingDeploy deploy = new RollingDeploy(() -> start(world, mirror))) {
                MirrorOutage.End end = outage.begin(world, mirror, server);
                try {
                    deploy.awaitSaves();
                    if (waits) {
                        assertThatThrownBy(() -> start(world, mirror))
                                .isInstanceOf(UnavailableException.class)
                                .hasMessageStartingWith("The legacy database")
                                .hasMessageContaining("localhost:");
                    } else {
                        deploy.exchange();
                    }
                    deploy.awaitSaves();
                } finally {
                    end.close();
                }
                deploy.awaitSaves();
                if (waits) {
                    deploy.exchange();
                }

                deploy.assertNobodyWasHeldUp(world, stage);
            }
        }
    }

    private static World world(Topology topology, @Nullable Side toStop) {
        if (topology == Topology.ONE_DATABASE) {
            return new World(topology);
        }
        TestDatabase legacy = toStop == Side.LEGACY ? server.createDatabase() : TestDatabases.create();
        TestDatabase modern = toStop == Side.MODERN ? server.createDatabase() : TestDatabases.create();
        return new World(legacy, modern);
    }

    private static Instance start(World world, Side mirror) {
        DataSource legacy = pool(world, Side.LEGACY, mirror);
        DataSource modern = world.databases().areShared() ? legacy : pool(world, Side.MODERN, mirror);
        Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, new Databases(legacy, modern));
        return new Instance(crossfade, new DualWriteUsers(crossfade.routing()), () -> world.stop(crossfade));
    }

    /** The mirror's pool does not wait long for a server that is down, so that the test does not either. */
    private static DataSource pool(World world, Side side, Side mirror) {
        boolean impatient = side == mirror && !world.databases().areShared();
        return world.of(side).newDataSource(pool -> {
            pool.setConnectionTimeout(impatient ? 1_000 : 30_000);
            pool.setInitializationFailTimeout(-1);
        });
    }
}
