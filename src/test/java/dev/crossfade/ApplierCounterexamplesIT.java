package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.Outcome;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Operators;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.ArrayList;
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

/** Invariant 3 where it is hardest for those who apply keys to the mirror: reconcilers, appliers and workers. */
class ApplierCounterexamplesIT {

    private static final Executor ON_ITS_OWN = OwnThread.EACH;

    static Stream<Arguments> bothAuthorities() {
        return Stream.of(Topology.values())
                .flatMap(topology ->
                        Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY).map(stage -> Arguments.of(topology, stage)));
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
            // The mirror row is missing, so that no lock on it orders the two.
            new SideUsers(crossfade.routing(), stage.authority().opposite()).delete(1L);
            Reconciler reconciler = new Reconciler(world.databases(), ReconcileListener.NONE);
            RecordKey key = RecordKey.of("1");
            List<Intent> intents = Notes.append(world.databases().dsl(stage.authority()), "user", List.of(key));

            CompletableFuture<?> reconciling = crossfade.transaction(tx -> {
                users.in(tx).save(user(1, "being written"));
                CompletableFuture<?> begun = CompletableFuture.runAsync(
                        () -> reconciler.reconcile(Users.MAPPING, List.of(new PendingKey(key, intents))), ON_ITS_OWN);
                if (topology == Topology.ONE_DATABASE) {
                    awaitWaitingSession(world, stage.authority());
                } else {
                    begun.join();
                }
                return begun;
            });
            try {
                reconciling.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                // It waits only a tenth of a second.
                assertThat(e).hasCauseInstanceOf(MirrorOutageException.class);
            }
            crossfade.awaitLevel(Duration.ofSeconds(20));

            assertThat(new SideUsers(crossfade.routing(), stage.authority().opposite()).find(1L))
                    .contains(user(1, "being written"));
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** The worker has applied a missed write, and is about to forget it, when the next write of the key is missed. */
    @ParameterizedTest
    @EnumSource
    void aWriteThatIsMissedWhileAnEarlierOneIsClearedIsNotForgotten(Topology topology) {
        try (World world = new World(topology)) {
            DualWriteUsers users = world.usersAt(Stage.DUAL_WRITE);
            users.save(user(1, "x".repeat(60)));
            Awaitility.await().until(() -> world.missedWrites() == 1 && world.intents() == 0);
            world.legacy().execute("update legacy.users set first_name = 'fits', last_name = null");
            Operators.retry(world.databases().controlDsl(), "user");
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.databases().legacy());
            legacy.intercept(sql -> {
                if (sql.contains("delete from crossfade.missed_write")) {
                    legacy.letGo();
                    users.save(user(1, "y".repeat(60)));
                    Awaitility.await().until(() -> world.intents() == 0);
                }
            });
            Databases connections = topology == Topology.ONE_DATABASE
                    ? new Databases(legacy, legacy)
                    : new Databases(legacy, world.databases().modern());

            new Drain(connections, new Reconciler(connections, ReconcileListener.NONE)).missedWrites(Users.MAPPING);

            assertThat(world.differences()).isNotEmpty();
            assertThat(world.missedWrites()).isEqualTo(1);
        }
    }

    @Test
    void theReconcilerLooksAgainAfterItGotTheMirrorRow() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            users.save(user(1, "before"));
            // A ghost: the authoritative row was deleted without mirroring it.
            new SideUsers(crossfade.routing(), Side.LEGACY).delete(1L);
            RecordKey key = RecordKey.of("1");
            List<Intent> intents = Notes.append(world.databases().controlDsl(), "user", List.of(key));
            Reconciler reconciler = new Reconciler(world.databases(), ReconcileListener.NONE);

            CompletableFuture<List<Outcome>> deletion = crossfade.transaction(tx -> {
                // The re-insert rewrites the mirror row; the reconciler sees neither yet and waits for it.
                users.in(tx).save(user(1, "again"));
                CompletableFuture<List<Outcome>> reconciling = CompletableFuture.supplyAsync(
                        () -> reconciler.reconcile(Users.MAPPING, List.of(new PendingKey(key, intents))), ON_ITS_OWN);
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
                    List<Intent> intents = Notes.append(world.databases().controlDsl(), "user", List.of(key));

                    assertThatThrownBy(() -> new Reconciler(databases, ReconcileListener.NONE)
                                    .reconcile(Users.MAPPING, List.of(new PendingKey(key, intents))))
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
            RecordKey three = RecordKey.of("3");
            List<Intent> left =
                    Notes.append(world.databases().dsl(Side.MODERN), "user", List.of(RecordKey.of("2"), three));
            Reconciler reconciler = new Reconciler(world.databases(), ReconcileListener.NONE);

            // An applier comes with an intent of the legacy database from before the flip that has the same number.
            reconciler.reconcile(
                    Users.MAPPING,
                    List.of(
                            new PendingKey(
                                    one, List.of(new Intent(left.getFirst().id(), one))),
                            new PendingKey(three, List.of(left.getLast()))));

            assertThat(Intents.oldest(world.databases().dsl(Side.MODERN), "user", 0, 10, Duration.ZERO))
                    .containsExactly(left.getFirst());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "MODERN_PRIMARY"})
    void twoAppliersAreNeverAtTheSameKeyAtOnce(Stage stage) throws Exception {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            world.stop(crossfade);
            RecordKey key = RecordKey.of("1");
            DSLContext authority = world.databases().dsl(stage.authority());
            SideUsers authoritative = new SideUsers(crossfade.routing(), stage.authority());
            authoritative.save(user(1, "first"));
            List<Intent> first = Notes.append(authority, "user", List.of(key));
            Reconciler second = new Reconciler(world.databases(), ReconcileListener.NONE);
            InterceptedDataSource mirror = new InterceptedDataSource(
                    world.databases().of(stage.authority().opposite()));
            List<Outcome> seen = new ArrayList<>();
            mirror.intercept(sql -> {
                if (sql.contains("into "
                                + Users.MAPPING
                                        .relation(stage.authority().opposite())
                                        .toTable())
                        && seen.isEmpty()) {
                    // The first applier has read the row but not written it yet.
                    authoritative.save(user(1, "second"));
                    List<Intent> all = Notes.append(authority, "user", List.of(key));
                    seen.addAll(second.reconcile(
                            Users.MAPPING, List.of(new PendingKey(key, List.of(first.getFirst(), all.getFirst())))));
                }
            });
            Databases databases = stage.authority() == Side.LEGACY
                    ? new Databases(world.databases().legacy(), mirror)
                    : new Databases(mirror, world.databases().modern());

            new Reconciler(databases, ReconcileListener.NONE)
                    .reconcile(Users.MAPPING, List.of(new PendingKey(key, first)));

            assertThat(seen).containsExactly(new Outcome.Deferred(key));
            assertThat(world.intents()).isEqualTo(1);
            world.drain();
            assertThat(world.differences()).isEmpty();
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
            List<Intent> first = Notes.append(control, "user", List.of(key));
            Reconciler second = new Reconciler(world.databases(), ReconcileListener.NONE);
            InterceptedDataSource modern =
                    new InterceptedDataSource(world.databases().modern());
            AtomicBoolean interrupted = new AtomicBoolean();
            List<Outcome> seen = new ArrayList<>();
            modern.intercept(sql -> {
                if (sql.contains("into \"modern\".\"accounts\"") && interrupted.compareAndSet(false, true)) {
                    // The first applier has read the row; now it loses its locks, and another applier has a newer
                    // row.
                    endSessionsWithKeyLocks(control);
                    legacy.save(user(1, "second"));
                    List<Intent> all = Notes.append(control, "user", List.of(key));
                    seen.addAll(second.reconcile(
                            Users.MAPPING, List.of(new PendingKey(key, List.of(first.getFirst(), all.getFirst())))));
                }
            });
            Reconciler interruptedOne =
                    new Reconciler(new Databases(world.databases().legacy(), modern), ReconcileListener.NONE);

            try {
                interruptedOne.reconcile(Users.MAPPING, List.of(new PendingKey(key, first)));
            } catch (MirrorOutageException e) {
                assertThat(interrupted).isTrue();
            }
            world.drain();

            assertThat(seen).containsExactly(new Outcome.Deferred(key));
            assertThat(world.differences()).isEmpty();
        }
    }

    /** The deletion neither sees nor waits for the uncommitted row of an applier that has lost its locks. */
    @Test
    void aDeletionIsNotAppliedPastAnInsertionThatItCannotSee() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            world.stop(crossfade);
            RecordKey key = RecordKey.of("1");
            SideUsers legacy = new SideUsers(crossfade.routing(), Side.LEGACY);
            DSLContext control = world.databases().controlDsl();
            legacy.save(user(1, "inserted"));
            List<Intent> first = Notes.append(control, "user", List.of(key));
            Reconciler second = new Reconciler(world.databases(), ReconcileListener.NONE);
            InterceptedDataSource modern =
                    new InterceptedDataSource(world.databases().modern());
            List<Outcome> seen = new ArrayList<>();
            modern.interceptCommit(() -> {
                modern.letGo();
                endSessionsWithKeyLocks(control);
                legacy.delete(1L);
                List<Intent> all = Notes.append(control, "user", List.of(key));
                seen.addAll(second.reconcile(
                        Users.MAPPING, List.of(new PendingKey(key, List.of(first.getFirst(), all.getFirst())))));
            });

            assertThatThrownBy(() -> new Reconciler(
                                    new Databases(world.databases().legacy(), modern), ReconcileListener.NONE)
                            .reconcile(Users.MAPPING, List.of(new PendingKey(key, first))))
                    .isInstanceOf(MirrorOutageException.class);

            assertThat(seen).containsExactly(new Outcome.Deferred(key));
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    private static void endSessionsWithKeyLocks(DSLContext database) {
        String keyLocks = """
                from pg_locks where locktype = 'advisory' and database = (
                    select oid from pg_database where datname = current_database())
                """;
        database.fetch("select pg_terminate_backend(pid) " + keyLocks);
        Awaitility.await().until(() -> database.fetch("select 1 " + keyLocks).isEmpty());
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
