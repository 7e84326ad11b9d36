package dev.crossfade.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.spring.SpringService;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The stages of a Spring transaction are those of its repository's first use, and the fleet waits for it. */
class PinnedStageIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");
    private static final User BOB = new User(2, "bob@example.org", "Bob");

    @ParameterizedTest
    @EnumSource
    void anEpochIsAcknowledgedOnlyAfterTheTransactionsUnderTheOneBefore(Topology topology) {
        try (World world = new World(topology);
                SpringService service = new SpringService(
                        world,
                        topology,
                        context ->
                                TestPropertyValues.of("crossfade.liveness=1s").applyTo(context))) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.DUAL_WRITE);
            long before = acknowledged(world);

            service.transactions().executeWithoutResult(status -> {
                users.save(ADA);
                change(service.crossfade(), Stage.SHADOW_READ);
                Awaitility.await().until(() -> service.crossfade().stage("user") == Stage.SHADOW_READ);
                awaitTwoHeartbeats(world);

                assertThat(acknowledged(world)).isEqualTo(before);
                users.save(BOB);
                service.requiresNew()
                        .executeWithoutResult(
                                inner -> assertThat(users.find(1L)).isEmpty());
                awaitTwoHeartbeats(world);
                assertThat(acknowledged(world)).isEqualTo(before);
            });

            Awaitility.await().until(() -> acknowledged(world) == epoch(world));
            assertThat(users.page(null, 10)).containsExactly(ADA, BOB);
        }
    }

    /** It would wait for the transaction that it is called in; it is not, where that one has only read. */
    @ParameterizedTest
    @EnumSource
    void aStepThatWaitsForItsOwnTransactionIsRefusedAtOnce(Topology topology) {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology, context -> {})) {
            service.moveTo(Stage.MODERN_READ);

            service.transactions().executeWithoutResult(status -> {
                service.users().save(ADA);
                assertThatThrownBy(() -> change(service.crossfade(), Stage.MODERN_PRIMARY))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("this very thread");
                service.requiresNew()
                        .executeWithoutResult(
                                inner -> assertThatThrownBy(() -> change(service.crossfade(), Stage.MODERN_PRIMARY))
                                        .hasMessageContaining("this very thread"));
            });
            change(service.crossfade(), Stage.MODERN_PRIMARY);

            assertThat(service.users().find(1L)).contains(ADA);
        }
    }

    /** A transaction of another manager that begins and ends within it ends nothing of it, not even its first use. */
    @ParameterizedTest
    @EnumSource
    void anEpochIsNotAcknowledgedWhenATransactionWithinEnds(Topology topology) {
        try (World world = new World(topology);
                TestDatabase other = TestDatabases.create();
                SpringService service = new SpringService(
                        world,
                        topology,
                        context ->
                                TestPropertyValues.of("crossfade.liveness=1s").applyTo(context))) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.DUAL_WRITE);
            long before = acknowledged(world);
            TransactionTemplate elsewhere = new TransactionTemplate(new JdbcTransactionManager(other.dataSource()));

            service.transactions().executeWithoutResult(status -> {
                elsewhere.executeWithoutResult(inner -> {
                    users.save(ADA);
                    inner.setRollbackOnly();
                });
                change(service.crossfade(), Stage.SHADOW_READ);
                Awaitility.await().until(() -> service.crossfade().stage("user") == Stage.SHADOW_READ);
                awaitTwoHeartbeats(world);
                assertThat(acknowledged(world)).isEqualTo(before);
            });

            Awaitility.await().until(() -> acknowledged(world) == epoch(world));
            assertThat(users.page(null, 10)).containsExactly(ADA);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionWhoseAuthorityMovedBeforeItsFirstWriteIsRolledBack(Topology topology) {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.MODERN_READ);

            assertThatThrownBy(() -> service.transactions().executeWithoutResult(status -> {
                        assertThat(users.find(1L)).isEmpty();
                        change(service.crossfade(), Stage.MODERN_PRIMARY);
                        users.save(ADA);
                    }))
                    .isInstanceOf(StageMovedException.class);

            Awaitility.await().until(() -> service.crossfade().stage("user") == Stage.MODERN_PRIMARY);
            assertThat(users.find(1L)).isEmpty();
            service.transactions().executeWithoutResult(status -> users.save(ADA));
            assertThat(users.find(1L)).contains(ADA);
        }
    }

    /** As the guide shows it. */
    @ParameterizedTest
    @EnumSource
    void aMethodThatIsRetriedRunsAgainUnderTheNewStage(Topology topology) {
        try (World world = new World(topology);
                SpringService service = new SpringService(
                        world, topology, context -> context.register(Resilience.class, Registration.class))) {
            service.moveTo(Stage.MODERN_READ);
            Registration registration = service.context().getBean(Registration.class);

            int runs = registration.register(() -> change(service.crossfade(), Stage.MODERN_PRIMARY), ADA, BOB);

            assertThat(runs).isGreaterThan(1);
            assertThat(service.crossfade().stage("user")).isEqualTo(Stage.MODERN_PRIMARY);
            assertThat(service.users().page(null, 10)).containsExactly(ADA, BOB);
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Switches {@code @Retryable} on. */
    @Configuration(proxyBeanMethods = false)
    @EnableResilientMethods
    static class Resilience {}

    /** A service whose transactions outlive a flip. */
    static class Registration {

        private final DualWriteUsers users;
        private final AtomicInteger runs = new AtomicInteger();

        Registration(DualWriteUsers users) {
            this.users = users;
        }

        @Retryable(includes = StageMovedException.class, maxRetries = 20, delay = 50)
        @Transactional
        public int register(Runnable meanwhile, User one, User other) {
            assertThat(users.find(one.id())).isEmpty();
            if (runs.incrementAndGet() == 1) {
                meanwhile.run();
            }
            users.save(one);
            users.save(other);
            return runs.get();
        }
    }

    private static void change(Crossfade crossfade, Stage to) {
        crossfade.stages().change(new Request(List.of("user"), to, new Author("test", "a test's own step"), true));
    }

    private static long acknowledged(World world) {
        return Objects.requireNonNull(new Fleet(world.databases().controlDsl())
                .live()
                .getFirst()
                .acknowledged()
                .get("user"));
    }

    private static long epoch(World world) {
        return Objects.requireNonNull(
                        AuthorityTable.all(world.databases().controlDsl()).get("user"))
                .epoch();
    }

    private static void awaitTwoHeartbeats(World world) {
        Set<Object> seen = new HashSet<>();
        Awaitility.await().until(() -> {
            seen.add(world.legacy().dsl().fetchValue("select heartbeat_at from crossfade.instance"));
            return seen.size() > 2;
        });
    }
}
