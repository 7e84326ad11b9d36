package dev.crossfade.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import dev.crossfade.flags.Ramp;
import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.model.Stage;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.Record1;
import org.jooq.Select;
import org.junit.jupiter.api.Test;

/** At a change of stage every writer asks for its statements at once. */
class StatementRenderingIT {

    private static final EntityStage DUAL_WRITE = new EntityStage(Stage.DUAL_WRITE, 1, Ramp.WHOLE);
    private static final EntityStage SHADOW_READ = new EntityStage(Stage.SHADOW_READ, 2, Ramp.WHOLE);
    private static final EntityStage MODERN_PRIMARY = new EntityStage(Stage.MODERN_PRIMARY, 3, Ramp.WHOLE);

    private static final Select<Record1<Integer>> SLEEPER = select(field("pid", Integer.class))
            .from("pg_stat_activity")
            .where("query like 'select pg_sleep%' and datname = current_database()");
    private static final Set<Thread.State> WAITS =
            EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final StatementRendering rendering = new StatementRendering(Users.MAPPING, LossyWriteSettings.DEFAULTS);

    @Test
    void oneOfAllWritersOfAStageAsksTheCatalogAndTheOthersGetWhatItPrepared() throws Exception {
        int writers = 8;
        try (World world = new World(Topology.ONE_DATABASE);
                Connection warm = world.legacy().dataSource().getConnection()) {
            // Loads the classes first, so that one thread renders faster than the others' patience.
            new StatementRendering(Users.MAPPING, LossyWriteSettings.DEFAULTS).of(warm, DUAL_WRITE);
            InterceptedDataSource connections =
                    new InterceptedDataSource(world.legacy().dataSource());
            CountDownLatch second = new CountDownLatch(2);
            AtomicInteger asked = new AtomicInteger();
            connections.intercept(sql -> {
                if (sql.contains("pg_trigger")) {
                    asked.incrementAndGet();
                    second.countDown();
                    // Shorter than the others' patience: a thread that would not wait arrives here meanwhile.
                    awaitQuietly(second);
                }
            });
            List<CompletableFuture<PreparedWrites>> got = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                got.add(CompletableFuture.supplyAsync(() -> asks(connections), OwnThread.EACH));
            }

            for (CompletableFuture<PreparedWrites> one : got) {
                assertThat(one.get(30, TimeUnit.SECONDS))
                        .isSameAs(got.getFirst().get());
            }
            assertThat(asked).hasValue(1);
        }
    }

    private PreparedWrites asks(InterceptedDataSource connections) {
        try (Connection connection = connections.getConnection()) {
            return rendering.of(connection, DUAL_WRITE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            boolean came = latch.await(50, TimeUnit.MILLISECONDS);
            assertThat(came).as("somebody else asks the catalog too").isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void stagesWhoseStatementsAreTheSameShareThem() throws SQLException {
        try (World world = new World(Topology.ONE_DATABASE);
                Connection connection = world.legacy().dataSource().getConnection()) {
            WriteStatements one = rendering.of(connection, DUAL_WRITE).of(1);
            WriteStatements many = rendering.of(connection, DUAL_WRITE).of(2);

            assertThat(many).isNotSameAs(one);
            assertThat(rendering.of(connection, SHADOW_READ).of(1)).isSameAs(one);
            assertThat(rendering.of(connection, SHADOW_READ).of(3)).isSameAs(many);
            assertThat(rendering.of(connection, MODERN_PRIMARY).of(1)).isNotSameAs(one);
        }
    }

    @Test
    void aWriterWhoseConnectionDoesNotAnswerHoldsNobodyUp() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE);
                Connection stuck = world.legacy().dataSource().getConnection();
                Connection connection = world.legacy().dataSource().getConnection()) {
            CompletableFuture<Void> busy = CompletableFuture.runAsync(
                    () -> {
                        try {
                            stuck.createStatement().execute("select pg_sleep(60)");
                        } catch (SQLException e) {
                            // It is ended below.
                        }
                    },
                    OwnThread.EACH);
            await().until(() -> world.legacy().dsl().fetchExists(SLEEPER));
            AtomicReference<Thread> asking = new AtomicReference<>(Thread.currentThread());
            CompletableFuture<PreparedWrites> first = CompletableFuture.supplyAsync(
                    () -> {
                        asking.set(Thread.currentThread());
                        return rendering.of(stuck, DUAL_WRITE);
                    },
                    OwnThread.EACH);
            // It waits for its connection.
            await().until(() -> asking.get() != Thread.currentThread()
                    && WAITS.contains(asking.get().getState()));

            PreparedWrites got = CompletableFuture.supplyAsync(
                            () -> rendering.of(connection, DUAL_WRITE), OwnThread.EACH)
                    .get(20, TimeUnit.SECONDS);

            assertThat(got.of(1)).isNotNull();
            assertThat(first).isNotDone();
            world.legacy()
                    .dsl()
                    .select(field("pg_cancel_backend(pid)"))
                    .from(SLEEPER)
                    .fetch();
            busy.get(20, TimeUnit.SECONDS);
            assertThat(first.get(20, TimeUnit.SECONDS).of(1)).isSameAs(got.of(1));
        }
    }
}
