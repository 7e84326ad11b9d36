package dev.crossfade.entities;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.ModernSchema;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.RefusedException;
import dev.crossfade.queue.QueueActions.Operator;
import dev.crossfade.stages.StagePoller;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An instance starts while its entity is renamed: one of the two succeeds, never both. */
class RenameRaceIT {

    private static final int ROUNDS = 40;
    private static final Operator ADA = new Operator("ada", null);

    @ParameterizedTest
    @EnumSource
    void anInstanceStartsOrItsEntityIsRenamed(Topology topology) throws Exception {
        try (World world = new World(topology);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Databases databases = world.databases();
            ControlSchema.install(databases);
            EntityTables.register(databases, "user", Users.MAPPING.tables());
            EntityNames names = new EntityNames(databases);
            for (int round = 0; round < ROUNDS; round++) {
                CyclicBarrier start = new CyclicBarrier(2);
                try (StagePoller poller = new StagePoller(
                        databases,
                        new Fleet(databases.controlDsl()),
                        Instance.ofThisProcess("round " + round),
                        new StagePoller.Start(Duration.ofMillis(20), ModernSchema.upToDate(databases)))) {
                    Future<Boolean> starts = threads.submit(() -> {
                        start.await();
                        return happens(() -> poller.register(Users.MAPPING));
                    });
                    Future<Boolean> renames = threads.submit(() -> {
                        start.await();
                        return happens(() -> names.rename("user", "customer", ADA));
                    });

                    boolean renamed = renames.get();
                    assertThat(starts.get() && renamed)
                            .as("both in round %d", round)
                            .isFalse();
                    assertThat(AuthorityTable.all(databases.controlDsl()))
                            .containsOnlyKeys(renamed ? "customer" : "user");
                }
                if (AuthorityTable.find(databases.controlDsl(), "customer").isPresent()) {
                    names.rename("customer", "user", ADA);
                }
            }
        }
    }

    private static boolean happens(Runnable what) {
        try {
            what.run();
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }
}
