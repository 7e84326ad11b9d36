package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariant 1 where only the duration of writes shows whether it holds. */
@Isolated("a writer that waits for a processor looks like one that waits for the mirror")
class NeverBlockedTimesIT {

    /** In one database the applier locks the rows that it copies, which writers of these keys wait for. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "MODERN_PRIMARY"})
    void aSlowMirrorDoesNotMakeTheApplierHoldUpWriters(Stage stage) throws Exception {
        Side mirror = stage.authority().opposite();
        try (World world = world(Topology.ONE_DATABASE, stage)) {
            TestDatabase database = world.of(mirror);
            Obstacle.prepare(database);
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS.withMirrorBudget(Duration.ofMillis(20)));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            try (AutoCloseable put = Obstacle.SLOW.put(database, Users.MAPPING.relation(mirror), List.of())) {
                long worst = 0;
                long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
                for (int i = 0; System.nanoTime() < end; i++) {
                    long start = System.nanoTime();
                    users.save(user(i % 10, "number " + i));
                    worst = Math.max(worst, System.nanoTime() - start);
                }
                assertThat(Duration.ofNanos(worst)).isLessThan(Duration.ofMillis(700));
            }
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(30))).isTrue();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, DUAL_WRITE",
        "ONE_DATABASE, MODERN_PRIMARY",
        "TWO_DATABASES, DUAL_WRITE",
        "TWO_DATABASES, MODERN_PRIMARY"
    })
    void noBudgetIsSpentWhileTheBreakerIsOpen(Topology topology, Stage stage) throws Exception {
        Duration budget = Duration.ofMillis(400);
        int writes = 20;
        Side mirror = stage.authority().opposite();
        try (World world = world(topology, stage)) {
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS.withMirrorBudget(budget));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            try (AutoCloseable put = Obstacle.inSession(
                    world.of(mirror),
                    "lock table %s in access exclusive mode"
                            .formatted(Users.MAPPING.relation(mirror).toTable()))) {
                for (int id = 1; id <= 5; id++) {
                    users.save(user(id, "opens the breaker"));
                }
                long start = System.nanoTime();
                for (int id = 1; id <= writes; id++) {
                    users.save(user(id, "does not wait"));
                }
                // Three calls may probe each second; a breaker that stays closed costs twenty budgets.
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(budget.multipliedBy(writes / 2));
            }
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.differences()).isEmpty();
        }
    }

    private static World world(Topology topology, Stage stage) {
        World world = new World(topology);
        Crossfade crossfade = world.start();
        new DualWriteUsers(crossfade.routing()).save(user(1, "first"));
        world.moveTo(crossfade, stage);
        world.stop(crossfade);
        return world;
    }

    private static User user(long id, String name) {
        return new User(id, "u" + id + "@example.org", "U" + id + " " + name);
    }
}
