package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Pooler;
import dev.crossfade.testing.SteadySaves;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A pooler with few server sessions, all of which may be held by writers that wait for the flip. */
class FlipBehindPoolerIT {

    private static final int SESSIONS = 4;

    @BeforeAll
    static void requirePooler() {
        if (Pooler.installed().isEmpty()) {
            LoggerFactory.getLogger(FlipBehindPoolerIT.class)
                    .warn("NOT PROVEN HERE: PgBouncer is not installed, so no flip behind a pooler was tried.");
        }
        Assumptions.assumeTrue(Pooler.installed().isPresent(), "PgBouncer is not installed");
    }

    @ParameterizedTest
    @EnumSource
    void fiftyWritersAndAFlipShareFourSessions(Topology topology) {
        try (World world = new World(topology);
                Pooler pooler = Pooler.inFrontOf(world.legacy(), SESSIONS)) {
            DataSource legacy = pooler.dataSource(world.legacy(), 50);
            DataSource modern = topology == Topology.ONE_DATABASE ? legacy : pooler.dataSource(world.modern(), 50);
            Crossfade crossfade = world.start(builder -> builder.legacy(legacy).modern(modern));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            try (SteadySaves saves = new SteadySaves(users, 50)) {
                for (Stage to : List.of(Stage.MODERN_PRIMARY, Stage.MODERN_READ)) {
                    saves.awaitMore(200);
                    crossfade
                            .stages()
                            .change(new Request(List.of("user"), to, new Author("test", "a test's own step"), true));
                    saves.awaitMore(200);
                }
                assertThat(saves.failures()).isEmpty();
                assertThat(saves.longest()).isLessThan(Duration.ofSeconds(4));
                saves.close();
                world.drain();
                assertThat(world.differences()).isEmpty();
                assertThat(saves.lost(users)).isEmpty();
            }
        }
    }
}
