package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A classic pair of hand-written repositories joins the migration unchanged. */
class RepositoryPairIT {

    private static final HandWritten<UserRepository, Long> PAIR =
            HandWritten.of(Users.MAPPING, LegacyUserRepository::new, ModernUserRepository::new);

    interface UserRepository {
        void save(long id, String name);

        void delete(long id);

        Optional<String> nameOf(long id);
    }

    record LegacyUserRepository(DSLContext dsl) implements UserRepository {

        @Override
        public void save(long id, String name) {
            dsl.execute(
                    "insert into legacy.users (id, first_name) values (?, ?) on conflict (id) do update set first_name = excluded.first_name",
                    id,
                    name);
        }

        @Override
        public void delete(long id) {
            dsl.execute("delete from legacy.users where id = ?", id);
        }

        @Override
        public Optional<String> nameOf(long id) {
            return dsl.fetchOptional("select first_name from legacy.users where id = ?", id)
                    .map(row -> row.get(0, String.class));
        }
    }

    record ModernUserRepository(DSLContext dsl) implements UserRepository {

        @Override
        public void save(long id, String name) {
            dsl.execute(
                    "insert into modern.accounts (account_id, full_name) values (?, ?) on conflict (account_id) do update set full_name = excluded.full_name",
                    id,
                    name);
        }

        @Override
        public void delete(long id) {
            dsl.execute("delete from modern.accounts where account_id = ?", id);
        }

        @Override
        public Optional<String> nameOf(long id) {
            return dsl.fetchOptional("select full_name from modern.accounts where account_id = ?", id)
                    .map(row -> row.get(0, String.class));
        }
    }

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.values()).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void savesDeletesAndReadsInEveryStage(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            RepositoryPair<UserRepository, Long> users = crossfade.pair(PAIR);
            world.moveTo(crossfade, stage);

            users.write(1L, repository -> repository.save(1, "Ada"));
            users.write(2L, repository -> repository.save(2, "Alan"));
            users.write(2L, repository -> repository.save(2, "Turing"));
            users.write(3L, repository -> repository.save(3, "Grace"));
            users.write(3L, repository -> repository.delete(3));
            users.write(4L, repository -> repository.delete(4));
            int saved = users.writeAll(List.of(5L, 6L), repository -> {
                repository.save(5, "Edsger");
                repository.save(6, "Barbara");
                return 2;
            });

            assertThat(saved).isEqualTo(2);
            assertThat(users.<Optional<String>>read(2L, repository -> repository.nameOf(2)))
                    .contains("Turing");
            assertThat(users.<Optional<String>>read(3L, repository -> repository.nameOf(3)))
                    .isEmpty();
            assertThat(users.<Optional<String>>read(repository -> repository.nameOf(6)))
                    .contains("Barbara");
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(10))).isTrue();
            if (stage.mirrors()) {
                assertThat(world.differences()).isEmpty();
                assertThat(world.intents()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailedWriteLeavesNothing(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            RepositoryPair<UserRepository, Long> users = crossfade.pair(PAIR);
            world.moveTo(crossfade, Stage.DUAL_WRITE);

            assertThatThrownBy(() -> crossfade.transaction(tx -> {
                        users.in(tx).write(1L, repository -> repository.save(1, "Ada"));
                        throw new IllegalStateException("no");
                    }))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(world.intents()).isZero();
            assertThat(users.<Optional<String>>read(1L, repository -> repository.nameOf(1)))
                    .isEmpty();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Locking keys that are only named would fail writers that never conflicted before there was a mirror. */
    @Test
    void writersThatNameEachOthersKeysDoNotWaitForEachOther() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start();
            RepositoryPair<UserRepository, Long> users = new RepositoryPair<>(crossfade.routing(), PAIR);
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            users.write(1L, repository -> repository.save(1, "Ada"));
            users.write(2L, repository -> repository.save(2, "Alan"));
            CyclicBarrier bothHaveWritten = new CyclicBarrier(2);

            CompletableFuture<?> one = writingOneOfTwo(users, 1, bothHaveWritten);
            CompletableFuture<?> other = writingOneOfTwo(users, 2, bothHaveWritten);
            one.get(30, TimeUnit.SECONDS);
            other.get(30, TimeUnit.SECONDS);

            assertThat(crossfade.awaitLevel(Duration.ofSeconds(10))).isTrue();
            assertThat(world.differences()).isEmpty();
        }
    }

    @Test
    void aNamedKeyThatOthersHaveWrittenDoesNotFailATransactionThatKeepsItsSnapshot() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start();
            RepositoryPair<UserRepository, Long> users = new RepositoryPair<>(crossfade.routing(), PAIR);
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            users.write(1L, repository -> repository.save(1, "Ada"));
            users.write(2L, repository -> repository.save(2, "Alan"));

            try (Connection connection = world.databases().legacy().getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                Databases.dsl(connection).transaction(outer -> {
                    outer.dsl().fetch("select 1 from legacy.users");
                    users.write(2L, repository -> repository.save(2, "Turing"));
                    crossfade.join(
                            outer,
                            Side.LEGACY,
                            tx -> users.in(tx).writeAll(List.of(1L, 2L), repository -> {
                                repository.save(1, "Lovelace");
                                return 1;
                            }));
                });
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            world.drain();

            assertThat(users.<Optional<String>>read(1L, repository -> repository.nameOf(1)))
                    .contains("Lovelace");
            assertThat(world.differences()).isEmpty();
        }
    }

    private static CompletableFuture<?> writingOneOfTwo(
            RepositoryPair<UserRepository, Long> users, long id, CyclicBarrier bothHaveWritten) {
        return CompletableFuture.runAsync(
                () -> users.writeAll(List.of(1L, 2L), repository -> {
                    repository.save(id, "written");
                    try {
                        bothHaveWritten.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                        throw new IllegalStateException(e);
                    }
                    return 1;
                }),
                task -> new Thread(task).start());
    }

    @Test
    void aWriteThatNamesNoKeyIsRefused() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            RepositoryPair<UserRepository, Long> users = world.start().pair(PAIR);

            assertThatThrownBy(() -> users.writeAll(List.of(), repository -> 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("names the keys");
        }
    }
}
