package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.PendingKeys.Work;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.Outcome;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.InterceptedDataSource;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariant 3 where it is hardest: each interleaving that has been seen to make the sides drift apart, staged. */
class CounterexamplesIT {

    private static final Executor ON_ITS_OWN = task -> new Thread(task).start();

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
    void theReconcilerNeverOverwritesWhatAWriterIsWriting(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.save(user(1, "before"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            Reconciler reconciler = new Reconciler(world.databases(), ReconcileListener.NONE);
            RecordKey key = RecordKey.of("1");
            List<Intent> intents = Intents.append(world.databases().dsl(stage.authority()), "user", List.of(key));

            crossfade.transaction(tx -> {
                users.in(tx).save(user(1, "being written"));
                try {
                    reconciler.reconcile(Users.MAPPING, List.of(new Work(key, intents)));
                } catch (MirrorOutageException e) {
                    assertThat(topology).isEqualTo(Topology.ONE_DATABASE);
                }
                return null;
            });
            crossfade.awaitLevel(Duration.ofSeconds(20));

            assertThat(new SideUsers(crossfade.routing(), stage.authority().opposite()).find(1L))
                    .contains(user(1, "being written"));
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @Test
    void theReconcilerLooksAgainAfterItGotTheMirrorRow() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            users.save(user(1, "before"));
            // A ghost: the authoritative row went without the mirror being told.
            new SideUsers(crossfade.routing(), Side.LEGACY).delete(1L);
            RecordKey key = RecordKey.of("1");
            List<Intent> intents = Intents.append(world.databases().controlDsl(), "user", List.of(key));
            Reconciler reconciler = new Reconciler(world.databases(), ReconcileListener.NONE);

            CompletableFuture<List<Outcome>> deletion = crossfade.transaction(tx -> {
                // The re-insert rewrites the mirror row; the reconciler sees neither yet and waits for it.
                users.in(tx).save(user(1, "again"));
                CompletableFuture<List<Outcome>> reconciling = CompletableFuture.supplyAsync(
                        () -> reconciler.reconcile(Users.MAPPING, List.of(new Work(key, intents))), ON_ITS_OWN);
                awaitWaitingSession(world, Side.LEGACY);
                return reconciling;
            });
            try {
                deletion.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(MirrorOutageException.class);
            }

            assertThat(new SideUsers(crossfade.routing(), Side.MODERN).find(1L)).contains(user(1, "again"));
            world.drain();
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

    @Test
    void aReconcilerFromWhichRowsAreHiddenDeletesNothing() throws Exception {
        for (Topology topology : Topology.values()) {
            try (World world = new World(topology)) {
                Crossfade crossfade = world.start();
                DualWriteUsers users = new DualWriteUsers(crossfade.routing());
                world.moveTo(crossfade, Stage.DUAL_WRITE);
                users.save(user(1, "hidden"));
                assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
                String role = "blind_" + world.legacy().name();
                world.legacy().execute("""
                        create role %1$s login password 'blind';
                        grant usage on schema legacy, crossfade to %1$s;
                        grant all on all tables in schema legacy, crossfade to %1$s;
                        alter table legacy.users enable row level security;
                        """.formatted(role));
                if (topology == Topology.ONE_DATABASE) {
                    world.modern()
                            .execute("grant usage on schema modern to %1$s; grant all on modern.accounts to %1$s"
                                    .formatted(role));
                }
                try {
                    var blind = world.legacy().newDataSource(pool -> {
                        pool.setUsername(role);
                        pool.setPassword("blind");
                    });
                    Databases databases = topology == Topology.ONE_DATABASE
                            ? Databases.shared(blind)
                            : new Databases(blind, world.modern().dataSource());
                    RecordKey key = RecordKey.of("1");
                    List<Intent> intents = Intents.append(world.databases().controlDsl(), "user", List.of(key));

                    assertThatThrownBy(() -> new Reconciler(databases, ReconcileListener.NONE)
                                    .reconcile(Users.MAPPING, List.of(new Work(key, intents))))
                            .isInstanceOf(MirrorOutageException.class)
                            .hasMessageContaining("row-level security");

                    assertThat(new SideUsers(crossfade.routing(), Side.MODERN).find(1L))
                            .isPresent();
                    assertThat(world.intents()).isEqualTo(1);
                    blind.close();
                } finally {
                    world.legacy().execute("drop owned by " + role, "drop role " + role);
                }
            }
        }
    }

    @Test
    void anIntentOfTheOtherDatabaseWithTheSameNumberIsNotTakenForOnesOwn() throws Exception {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);
            users.save(user(1, "before"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            world.stop(crossfade);
            RecordKey one = RecordKey.of("1");
            RecordKey two = RecordKey.of("2");
            Intent left = Intents.append(world.databases().dsl(Side.MODERN), "user", List.of(two))
                    .getFirst();
            Reconciler reconciler = new Reconciler(world.databases(), ReconcileListener.NONE);

            // Somebody comes with an intent of the legacy database, from before the flip, that has the same number.
            reconciler.reconcile(Users.MAPPING, List.of(new Work(one, List.of(new Intent(left.id(), one)))));

            assertThat(Intents.count(world.databases().dsl(Side.MODERN), "user"))
                    .isEqualTo(1);
        }
    }

    @Test
    void anApplierThatLostItsLocksDoesNotOverwriteWhatAnotherApplied() throws Exception {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            world.stop(crossfade);
            RecordKey key = RecordKey.of("1");
            SideUsers legacy = new SideUsers(crossfade.routing(), Side.LEGACY);
            DSLContext control = world.databases().controlDsl();
            legacy.save(user(1, "first"));
            List<Intent> first = Intents.append(control, "user", List.of(key));
            Reconciler second = new Reconciler(world.databases(), ReconcileListener.NONE);
            InterceptedDataSource modern =
                    new InterceptedDataSource(world.databases().modern());
            AtomicBoolean interrupted = new AtomicBoolean();
            modern.intercept(sql -> {
                if (sql.contains("into \"modern\".\"accounts\"") && interrupted.compareAndSet(false, true)) {
                    // The first applier has read the row; now its locks go, and another applies a newer one.
                    control.fetch("""
                            select pg_terminate_backend(pid) from pg_locks
                            where locktype = 'advisory' and database = (
                                select oid from pg_database where datname = current_database())
                            """);
                    legacy.save(user(1, "second"));
                    List<Intent> all = Intents.append(control, "user", List.of(key));
                    Awaitility.await()
                            .until(() -> second.reconcile(
                                            Users.MAPPING,
                                            List.of(new Work(key, List.of(first.getFirst(), all.getFirst()))))
                                    .contains(new Outcome.Applied(key)));
                }
            });
            Reconciler interruptedOne =
                    new Reconciler(new Databases(world.databases().legacy(), modern), ReconcileListener.NONE);

            try {
                interruptedOne.reconcile(Users.MAPPING, List.of(new Work(key, first)));
            } catch (MirrorOutageException e) {
                assertThat(interrupted).isTrue();
            }
            world.drain();

            assertThat(interrupted).isTrue();
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
                    // The backfill comes by, unseen by the snapshot.
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
