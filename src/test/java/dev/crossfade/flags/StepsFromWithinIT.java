package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import dev.crossfade.Crossfade;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.SteadySaves;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stages that a service moves by itself: within a transaction of the same thread, and with hardly any connections. */
class StepsFromWithinIT {

    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    /** On a busy machine; the pool's own limit is 30 s, that of a flip 60 s. */
    private static final Duration BEFORE_THE_POOL_GIVES_UP = Duration.ofSeconds(20);

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");

    @ParameterizedTest
    @EnumSource
    void aStepThatWouldWaitForItsOwnTransactionIsRefusedAtOnce(Topology topology) {
        try (World world = new World(topology)) {
            world.usersAt(Stage.MODERN_READ);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.awaitAcknowledged();

            long start = System.nanoTime();
            crossfade.run(tx -> {
                users.in(tx).save(ADA);
                refused(crossfade, Stage.MODERN_PRIMARY);
            });
            DSL.using(world.legacy().dataSource(), SQLDialect.POSTGRES)
                    .transaction(outer -> crossfade.join(outer, Side.LEGACY, tx -> {
                        users.in(tx).save(ADA);
                        refused(crossfade, Stage.MODERN_PRIMARY);
                        return true;
                    }));
            assertThat(System.nanoTime() - start).isLessThan(AT_ONCE.toNanos());

            world.step(crossfade, Stage.MODERN_PRIMARY);
            crossfade.run(tx -> {
                users.in(tx).save(ADA);
                refused(crossfade, Stage.MODERN_READ);
                refused(crossfade, Stage.MODERN_ONLY);
            });
            world.step(crossfade, Stage.MODERN_ONLY);
            assertThat(users.find(1L)).contains(ADA);
        }
    }

    /** It holds nothing that a step waits for. */
    @ParameterizedTest
    @EnumSource
    void aTransactionThatHasOnlyReadHoldsNoStepUp(Topology topology) {
        try (World world = new World(topology)) {
            world.usersAt(Stage.MODERN_READ);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.awaitAcknowledged();

            crossfade.run(tx -> {
                users.in(tx).find(1L);
                crossfade.stages().change(request(Stage.MODERN_PRIMARY));
            });

            world.awaitAcknowledged();
            users.save(ADA);
            assertThat(crossfade.stage("user")).isEqualTo(Stage.MODERN_PRIMARY);
        }
    }

    /** There and back, with all gates asked, while the one connection is in use. */
    @ParameterizedTest
    @EnumSource
    void aServiceWithOneConnectionMovesItsStages(Topology topology) {
        try (World world = new World(topology);
                var legacy = world.legacy().newDataSource(StepsFromWithinIT::one);
                var modern = world.modern().newDataSource(StepsFromWithinIT::one)) {
            Crossfade crossfade = world.start(builder -> topology == Topology.ONE_DATABASE
                    ? builder.legacy(legacy).modern(legacy)
                    : builder.legacy(legacy).modern(modern));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            try (SteadySaves saves = new SteadySaves(users, 1)) {
                for (Stage stage : List.of(
                        Stage.DUAL_WRITE,
                        Stage.SHADOW_READ,
                        Stage.MODERN_READ,
                        Stage.MODERN_PRIMARY,
                        Stage.MODERN_READ,
                        Stage.MODERN_PRIMARY,
                        Stage.MODERN_ONLY)) {
                    saves.awaitMore(2);
                    long start = System.nanoTime();
                    world.step(crossfade, stage);
                    assertThat(System.nanoTime() - start)
                            .as("to %s", stage)
                            .isLessThan(BEFORE_THE_POOL_GIVES_UP.toNanos());
                }
                saves.close();
                assertThat(saves.failures()).isEmpty();
                assertThat(saves.longest()).isLessThan(AT_ONCE);
                assertThat(saves.lost(users)).isEmpty();
            }
        }
    }

    private static void one(HikariConfig settings) {
        settings.setMaximumPoolSize(1);
        settings.setConnectionTimeout(30_000);
    }

    private static void refused(Crossfade crossfade, Stage to) {
        assertThatThrownBy(() -> crossfade.stages().change(request(to)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("this very thread")
                .hasMessageContaining("Commit or roll that back first");
    }

    private static Request request(Stage to) {
        return new Request(List.of("user"), to, new Author("test", "a test's own step"), true);
    }
}
