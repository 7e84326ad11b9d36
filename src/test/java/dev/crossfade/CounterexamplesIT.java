package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 3 where it is hardest: replays each interleaving of writers that was seen to make the sides differ.
 * {@link ApplierCounterexamplesIT} has those of appliers.
 */
class CounterexamplesIT {

    private static final Executor ON_ITS_OWN = OwnThread.EACH;

    static Stream<Arguments> bothAuthorities() {
        return Stream.of(Topology.values())
                .flatMap(topology ->
                        Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("bothAuthorities")
    void aRecordThatIsReInsertedWhileItsDeletionIsUnderWayStays(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.save(user(1, "before"));

            CompletableFuture<Void> reInsert = crossfade.transaction(tx -> {
                users.in(tx).delete(1L);
                CompletableFuture<Void> save =
                        CompletableFuture.runAsync(() -> users.save(user(1, "again")), ON_ITS_OWN);
                awaitWaitingSession(world, stage.authority());
                return save;
            });
            reInsert.get(30, TimeUnit.SECONDS);

            world.drain();
            assertThat(users.find(1L)).contains(user(1, "again"));
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("bothAuthorities")
    void aDeletionThatWaitsForAnUpdateOfTheRecordLeavesNoGhost(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.save(user(1, "before"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            Side mirror = stage.authority().opposite();
            // The mirror row is missing, so the update's transaction is the one that creates it.
            new SideUsers(crossfade.routing(), mirror).delete(1L);

            CompletableFuture<Boolean> deletion = crossfade.transaction(tx -> {
                users.in(tx).save(user(1, "updated"));
                CompletableFuture<Boolean> delete = CompletableFuture.supplyAsync(() -> users.delete(1L), ON_ITS_OWN);
                awaitWaitingSession(world, stage.authority());
                return delete;
            });
            assertThat(deletion.get(30, TimeUnit.SECONDS)).isTrue();

            world.drain();
            assertThat(users.find(1L)).isEmpty();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("bothAuthorities")
    void whatATriggerChangesInTheRowIsMirroredToo(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            boolean legacy = stage.authority() == Side.LEGACY;
            world.of(stage.authority())
                    .execute(
                            """
                    create function shout() returns trigger language plpgsql as $$
                    begin update %1$s set %2$s = upper(%2$s) where %3$s = new.%3$s; return null; end $$
                    """.formatted(
                                            legacy ? "legacy.users" : "modern.accounts",
                                            legacy ? "last_name" : "full_name",
                                            legacy ? "id" : "account_id"),
                            """
                    create trigger shout after insert or update on %s
                    for each row when (pg_trigger_depth() = 0) execute function shout()
                    """.formatted(legacy ? "legacy.users" : "modern.accounts"));
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);

            users.save(new User(1, "a@example.org", "Ada Lovelace"));
            users.saveAll(List.of(new User(2, "b@example.org", "Bob Moore"), new User(3, null, "Cy Young")));
            Users.rename(users, 2, "Rob Moore");
            crossfade.awaitLevel(Duration.ofSeconds(20));

            assertThat(new SideUsers(crossfade.routing(), stage.authority().opposite()).find(1L))
                    .hasValueSatisfying(user -> assertThat(user.name()).endsWith("LOVELACE"));
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aTransactionThatKeepsItsFirstSnapshotLeavesNoGhost(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            new SideUsers(crossfade.routing(), Side.LEGACY).save(user(1, "not copied yet"));

            try (Connection connection = world.databases().legacy().getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                Databases.dsl(connection).transaction(outer -> {
                    outer.dsl().fetch("select 1 from legacy.users");
                    // The backfill copies the row, invisible to the snapshot.
                    new SideUsers(crossfade.routing(), Side.MODERN).save(user(1, "not copied yet"));
                    crossfade.join(outer, Side.LEGACY, tx -> users.in(tx).delete(1L));
                });
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            world.drain();

            assertThat(users.find(1L)).isEmpty();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** The reads of the mirror's part must leave no SIREAD locks in a serializable transaction. */
    @ParameterizedTest
    @EnumSource
    void serializableTransactionsThatDoNotMeetBothCommit(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);

            try (Connection connection = world.databases().legacy().getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                Databases.dsl(connection).transaction(one -> {
                    crossfade.join(one, Side.LEGACY, tx -> {
                        users.in(tx).save(user(1, "one"));
                        return null;
                    });
                    try (Connection other = world.databases().legacy().getConnection()) {
                        other.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                        Databases.dsl(other)
                                .transaction(two -> crossfade.join(two, Side.LEGACY, tx -> {
                                    users.in(tx).save(user(2, "two"));
                                    return crossfade.join(one, Side.LEGACY, outer -> {
                                        users.in(outer).save(user(3, "one again"));
                                        return null;
                                    });
                                }));
                        other.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    }
                });
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            world.drain();

            assertThat(users.findAll(List.of(1L, 2L, 3L))).hasSize(3);
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Waits until a session of the authoritative database waits for another one's lock. */
    private static void awaitWaitingSession(World world, Side authority) {
        DSLContext database = world.databases().dsl(authority);
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> (Long) database.fetchValue("""
                                select count(*) from pg_stat_activity
                                where datname = current_database() and wait_event_type = 'Lock'
                                """) > 0);
    }

    private static User user(long id, String name) {
        return new User(id, "u" + id + "@example.org", "U" + id + " " + name);
    }
}
