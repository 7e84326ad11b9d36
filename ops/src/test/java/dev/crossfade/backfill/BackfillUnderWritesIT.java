package dev.crossfade.backfill;

import static dev.crossfade.backfill.Backfills.SMALL_BATCHES;
import static dev.crossfade.backfill.Backfills.dualWrite;
import static dev.crossfade.backfill.Backfills.insert;
import static dev.crossfade.backfill.Backfills.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill.Result;
import dev.crossfade.backfill.Backfill.Settings;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Traffic;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backfills while services write: no write is lost, in whatever order they meet. */
class BackfillUnderWritesIT {

    /** A batch of one row has no time limit. */
    private static final Settings ROW_BY_ROW = new Settings(1, 0);

    private static final Executor ON_ITS_OWN = OwnThread.EACH;

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aServiceThatGoesOnWritingLosesNothing(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 1, 990);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.step(crossfade, Stage.DUAL_WRITE);

            Traffic traffic = new Traffic(crossfade, users, 4, 7);
            try (traffic) {
                assertThat(run(world, new Settings(20, 0)).complete()).isTrue();
            }

            assertThat(traffic.failures()).isEmpty();
            world.drain();
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(30))).isTrue();
            assertThat(world.differences()).isEmpty();
            SideUsers modern = new SideUsers(crossfade.routing(), Side.MODERN);
            traffic.acknowledged()
                    .forEach((key, user) -> assertThat(modern.find(key)).isEqualTo(user));
        }
    }

    /** The batch has read the row and is about to insert it on the modern side when the service deletes it. */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowThatIsDeletedWhileItsBatchIsUnderWayStaysDeleted(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 1, 3);
            DualWriteUsers users = world.usersAt(Stage.DUAL_WRITE);
            holdUpInsertsOf(world, 2);

            CompletableFuture<Result> backfill;
            CompletableFuture<Boolean> deletion;
            try (TestDatabase.Session holder = world.modern().session()) {
                holder.execute("select pg_advisory_lock(4242)");
                backfill = CompletableFuture.supplyAsync(() -> run(world, ROW_BY_ROW), ON_ITS_OWN);
                awaitSessionsWaiting(world.modern(), 1);
                deletion = CompletableFuture.supplyAsync(() -> users.delete(2L), ON_ITS_OWN);
                awaitSessionsWaiting(world.legacy(), topology == Topology.ONE_DATABASE ? 2 : 1);
            }
            assertThat(backfill.get(30, TimeUnit.SECONDS).rowsWritten()).isEqualTo(3);
            assertThat(deletion.get(30, TimeUnit.SECONDS)).isTrue();

            world.drain();
            assertThat(users.find(2L)).isEmpty();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowThatIsUpdatedWhileItsBatchIsUnderWayIsNotOverwritten(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 1, 3);
            DualWriteUsers users = world.usersAt(Stage.DUAL_WRITE);
            holdUpInsertsOf(world, 2);

            CompletableFuture<Result> backfill;
            try (TestDatabase.Session holder = world.modern().session()) {
                holder.execute("select pg_advisory_lock(4242)");
                backfill = CompletableFuture.supplyAsync(() -> run(world, ROW_BY_ROW), ON_ITS_OWN);
                awaitSessionsWaiting(world.modern(), 1);
                // An ordinary update does not wait for the batch.
                users.save(new User(1, "new@example.org", "New Name"));
                users.save(new User(3, "newer@example.org", "Newer Name"));
            }
            backfill.get(30, TimeUnit.SECONDS);

            world.drain();
            assertThat(world.differences()).isEmpty();
            assertThat(users.find(1L)).contains(new User(1, "new@example.org", "New Name"));
        }
    }

    /**
     * In the second of three batches the service has deleted 6 and waits for 4, which the backfill has locked, and the
     * backfill moves on from 5 to 6. The server would end the one that has waited longest, which is the service.
     */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void inACircleOfWaitsItIsTheBackfillThatGivesWay(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 1, 6);
            dualWrite(world);

            CompletableFuture<Result> backfill;
            try (TestDatabase.Session service = world.legacy().session();
                    TestDatabase.Session other = world.legacy().session()) {
                backfill = CompletableFuture.supplyAsync(
                        () -> new Backfill(
                                        world.databases(), Users.MAPPING, new Settings(3, 0), new BackfillListener() {
                                            @Override
                                            public void batchCopied(Progress progress) {
                                                if (progress.rowsDone() == 3) {
                                                    service.execute("begin; delete from legacy.users where id = 6");
                                                    other.execute("begin; delete from legacy.users where id = 5");
                                                }
                                            }
                                        })
                                .run(),
                        ON_ITS_OWN);
                awaitSessionsWaiting(world.legacy(), 1);
                CompletableFuture<Void> deletion = CompletableFuture.runAsync(
                        () -> service.execute("delete from legacy.users where id = 4; rollback"), ON_ITS_OWN);
                Awaitility.await().until(() -> deletion.isDone() || sessionsWaiting(world.legacy()) == 2);
                other.execute("rollback");

                deletion.get(30, TimeUnit.SECONDS);
            }
            assertThat(backfill.get(30, TimeUnit.SECONDS).rowsWritten()).isEqualTo(6);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aLockOnTheModernTableHoldsUpTheBackfillAndNoDeletion(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 1, 3);
            DualWriteUsers users = world.usersAt(Stage.DUAL_WRITE);

            CompletableFuture<Result> backfill;
            try (TestDatabase.Session locker = world.modern().session()) {
                locker.execute("begin; lock table modern.accounts in access exclusive mode");
                backfill = CompletableFuture.supplyAsync(() -> run(world, Settings.DEFAULTS), ON_ITS_OWN);
                awaitSessionsWaiting(world.modern(), 1);

                assertThat(CompletableFuture.supplyAsync(() -> users.delete(2L), ON_ITS_OWN)
                                .get(3, TimeUnit.SECONDS))
                        .isTrue();
                assertThat(backfill).isNotDone();
                locker.execute("rollback");
            }

            assertThat(backfill.get(30, TimeUnit.SECONDS).complete()).isTrue();
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @Test
    void whoWaitsForAConnectionToTheModernSideHoldsUpNoDeletion() throws Exception {
        try (World world = new World(Topology.TWO_DATABASES);
                HikariDataSource modern = world.modern().newDataSource(pool -> pool.setMaximumPoolSize(1))) {
            insert(world, 1, 3);
            dualWrite(world);
            Databases databases = new Databases(world.legacy().dataSource(), modern);

            CompletableFuture<Result> backfill;
            try (Connection taken = modern.getConnection()) {
                assertThat(taken.isValid(1)).isTrue();
                backfill = CompletableFuture.supplyAsync(
                        () -> new Backfill(databases, Users.MAPPING, Settings.DEFAULTS, BackfillListener.NONE).run(),
                        ON_ITS_OWN);
                Awaitility.await().until(() -> modern.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
                world.legacy()
                        .execute("set lock_timeout = '3s'; delete from legacy.users where id = 2; reset lock_timeout");
            }

            assertThat(backfill.get(30, TimeUnit.SECONDS).rowsWritten()).isEqualTo(2);
        }
    }

    /** The row is locked at every moment and others queue for it, longer than a batch of many rows would wait. */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowThatIsLockedAllTheTimeIsCopiedInItsTurn(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 1, 20);
            dualWrite(world);
            AtomicBoolean over = new AtomicBoolean();
            List<CompletableFuture<Void>> holders = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                holders.add(CompletableFuture.runAsync(() -> hold(world, over), ON_ITS_OWN));
            }
            try {
                awaitSessionsWaiting(world.legacy(), 6);
                CompletableFuture<Result> backfill =
                        CompletableFuture.supplyAsync(() -> run(world, Settings.DEFAULTS), ON_ITS_OWN);

                assertThat(backfill.get(30, TimeUnit.SECONDS).rowsWritten()).isEqualTo(20);
            } finally {
                over.set(true);
                CompletableFuture.allOf(holders.toArray(CompletableFuture<?>[]::new))
                        .join();
            }
        }
    }

    private static void hold(World world, AtomicBoolean over) {
        try (TestDatabase.Session session = world.legacy().session()) {
            while (!over.get()) {
                session.execute(
                        "begin; select from legacy.users where id = 10 for update; select pg_sleep(0.1); commit");
            }
        }
    }

    /** Deletions of the rows of a batch wait for it, so a batch must not take long. */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void aSlowModernSideIsGivenSmallBatches(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 1, 100);
            dualWrite(world);
            world.modern().execute("""
                    create function slow() returns trigger language plpgsql as $$
                    begin perform pg_sleep(0.02); return new; end $$
                    """, """
                    create trigger slow before insert on modern.accounts for each row execute function slow()
                    """);
            List<Progress> batches = new ArrayList<>();

            Result result = new Backfill(world.databases(), Users.MAPPING, Settings.DEFAULTS, new BackfillListener() {
                        @Override
                        public void batchCopied(Progress progress) {
                            batches.add(progress);
                        }
                    })
                    .run();

            assertThat(result.rowsWritten()).isEqualTo(100);
            assertThat(batches).hasSizeGreaterThan(2);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowOfATransactionThatBeganBeforeDualWritingIsNotMissed(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 10, 20);
            AtomicReference<String> reason = new AtomicReference<>();
            CompletableFuture<Result> backfill;
            try (TestDatabase.Session old = world.legacy().session()) {
                old.execute("begin");
                old.execute("insert into legacy.users values (5, 'five@example.org', 'Five', 'Old')");
                old.execute("update legacy.users set first_name = 'Updated' where id = 15");
                dualWrite(world);
                backfill = CompletableFuture.supplyAsync(
                        () -> new Backfill(world.databases(), Users.MAPPING, SMALL_BATCHES, new BackfillListener() {
                                    @Override
                                    public void waiting(String entity, String why) {
                                        reason.set(why);
                                    }
                                })
                                .run(),
                        ON_ITS_OWN);
                Awaitility.await().until(() -> reason.get() != null);
                assertThat(backfill).isNotDone();
                old.execute("commit");
            }

            assertThat(backfill.get(30, TimeUnit.SECONDS).rowsWritten()).isEqualTo(12);
            assertThat(reason.get()).contains("still write legacy.users");
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void anInstanceThatDoesNotMirrorYetIsWaitedFor(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            insert(world, 1, 5);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            AtomicReference<String> reason = new AtomicReference<>();

            CompletableFuture<Result> backfill = crossfade.transaction(tx -> {
                users.in(tx).save(new User(3, "three@example.org", "Not Mirrored"));
                Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
                CompletableFuture<Result> started = CompletableFuture.supplyAsync(
                        () -> new Backfill(world.databases(), Users.MAPPING, SMALL_BATCHES, new BackfillListener() {
                                    @Override
                                    public void waiting(String entity, String why) {
                                        reason.compareAndSet(null, why);
                                    }
                                })
                                .run(),
                        ON_ITS_OWN);
                Awaitility.await().until(() -> reason.get() != null);
                assertThat(started).isNotDone();
                return started;
            });

            assertThat(backfill.get(30, TimeUnit.SECONDS).complete()).isTrue();
            assertThat(reason.get()).contains("fleet acknowledged");
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Makes inserts of one modern row wait until nobody holds the advisory lock 4242, whatever the lock timeout. */
    private static void holdUpInsertsOf(World world, long id) {
        world.modern().execute("""
                create function hold_up() returns trigger language plpgsql as $$
                begin
                    while not pg_try_advisory_xact_lock_shared(4242) loop perform pg_sleep(0.005); end loop;
                    return new;
                end $$
                """, """
                create trigger hold_up before insert on modern.accounts
                for each row when (new.account_id = %d) execute function hold_up()
                """.formatted(id));
    }

    private static void awaitSessionsWaiting(TestDatabase database, int atLeast) {
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> sessionsWaiting(database) >= atLeast);
    }

    /** Returns how many sessions wait for a lock or are blocked. */
    private static long sessionsWaiting(TestDatabase database) {
        return (Long) database.dsl().fetchValue("""
                select count(*) from pg_stat_activity
                where datname = current_database() and (wait_event_type = 'Lock' or wait_event = 'PgSleep')
                """);
    }
}
