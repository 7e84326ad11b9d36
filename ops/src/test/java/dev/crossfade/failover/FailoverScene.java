package dev.crossfade.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.recover.Decision;
import dev.crossfade.recover.Losses;
import dev.crossfade.recover.Outcome;
import dev.crossfade.recover.Recovery;
import dev.crossfade.testing.FailoverServer;
import dev.crossfade.testing.Loop;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import dev.crossfade.verify.RepairMode;
import dev.crossfade.verify.Sweep;
import dev.crossfade.verify.SweepListener;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.exception.DataAccessException;

/**
 * The users' databases on two servers, one of which fails over. Instances are live, a worker sweeps all the time, and
 * an operator repairs all the time.
 */
final class FailoverScene implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Sweep.Settings RESTLESS = new Sweep.Settings(1_000_000, Duration.ZERO);
    private static final long REST = Duration.ofMillis(20).toNanos();

    private static final String LEGACY_ROWS = "select id, cast(last_name as bigint) from legacy.users";
    private static final String MODERN_ROWS =
            "select account_id, cast(split_part(full_name, ' ', 2) as bigint) from modern.accounts";

    private final FailoverServer legacy;
    private final FailoverServer modern;
    private final World world;
    private final List<Crossfade> instances = new ArrayList<>();
    private final List<DualWriteUsers> repositories = new ArrayList<>();
    private final AtomicLong repairedBySweep = new AtomicLong();
    private final AtomicLong rounds = new AtomicLong();
    private final List<AutoCloseable> running = new ArrayList<>();
    private final Saves saves;
    private Map<Long, Long> acknowledgedBefore = Map.of();

    /** Creates the tables, and two instances that save at a stage. */
    FailoverScene(FailoverServer legacy, FailoverServer modern, Stage stage) {
        this.legacy = legacy;
        this.modern = modern;
        this.world = new World(legacy.createDatabase(), modern.createDatabase());
        startInstance();
        startInstance();
        world.moveTo(instances.getFirst(), Stage.DUAL_WRITE);
        new Backfill(world.databases(), Users.MAPPING, new Backfill.Settings(1_000, 0), BackfillListener.NONE).run();
        world.moveTo(instances.getFirst(), stage);
        this.saves = new Saves(repositories);
        running.add(saves);
    }

    World world() {
        return world;
    }

    Saves saves() {
        return saves;
    }

    /** Returns one instance's repository of users. */
    DualWriteUsers repository() {
        return repositories.getFirst();
    }

    Crossfade instance() {
        return instances.getFirst();
    }

    /** Starts another instance of the service, with frequent heartbeats. */
    DualWriteUsers startInstance() {
        Crossfade instance = world.start(builder -> builder.liveness(Duration.ofSeconds(4)));
        DualWriteUsers users = new DualWriteUsers(instance.routing());
        instances.add(instance);
        repositories.add(users);
        return users;
    }

    /** Starts the work of a worker and an operator, each repeated, whether or not it succeeds. */
    void startWorkAndRepair() {
        Drain drain = new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE));
        repeat(() -> drain.intents(Users.MAPPING, Duration.ZERO));
        Sweep sweep = new Sweep(world.databases(), Users.MAPPING, RESTLESS, SweepListener.NONE);
        repeat(() -> repairedBySweep.addAndGet(
                sweep.turn(Duration.ofSeconds(5), () -> false).repaired()));
        Verification verification = new Verification(world.databases(), Users.MAPPING, VerificationListener.NONE);
        repeat(() -> verification.run(new RepairMode.AtMost(Long.MAX_VALUE)));
    }

    private void repeat(Runnable work) {
        running.add(Loop.of(() -> {
            try {
                work.run();
            } catch (CrossfadeException | DataAccessException e) {
                // A server is down, or the entity is frozen: an operator retries.
                LockSupport.parkNanos(REST);
            }
            rounds.incrementAndGet();
            LockSupport.parkNanos(REST);
        }));
    }

    FailoverServer server(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Keeps appliers from some keys until the session is closed. */
    TestDatabase.Session keepFromMirror(Side mirror, long... keys) {
        TestDatabase.Session session = world.of(mirror).session();
        for (long key : keys) {
            session.execute("select pg_advisory_lock(hashtextextended('crossfade/key/user/" + key + "', 0))");
        }
        return session;
    }

    /** Waits until a side has these rows, among others. */
    void awaitNumbers(Side side, Map<Long, Long> rows) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(numbers(side)).containsAllEntriesOf(rows));
    }

    /** Waits for some more saves to return. */
    void awaitSaves(int more) {
        long from = saves.count();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(saves.count())
                        .as("saves; refused: %s", saves.refusals())
                        .isGreaterThanOrEqualTo(from + more));
    }

    /** Promotes a standby that has missed the latest commits; returns the newest rows that are left on either side. */
    Map<Long, Long> failOver(Side side, Runnable missed) {
        FailoverServer server = server(side);
        server.startStandby();
        server.loseWhatComes();
        missed.run();
        return promote(side);
    }

    /** Promotes the standby of a side's server. */
    Map<Long, Long> promote(Side side) {
        FailoverServer server = server(side);
        server.promote();
        Map<Long, Long> left = newest(
                side == Side.LEGACY ? server.askPromoted(world.legacy(), LEGACY_ROWS) : rows(Side.LEGACY),
                side == Side.MODERN ? server.askPromoted(world.modern(), MODERN_ROWS) : rows(Side.MODERN));
        acknowledgedBefore = saves.acknowledged();
        left.keySet().retainAll(acknowledgedBefore.keySet());
        server.follow();
        return left;
    }

    /** Waits until both databases say that the entity is frozen; returns why. */
    String awaitFrozen() {
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(DataAccessException.class)
                .untilAsserted(() -> assertThat(List.of(frozen(Side.LEGACY), frozen(Side.MODERN)))
                        .as("frozen in both databases")
                        .allMatch(Optional::isPresent));
        return frozen(Side.LEGACY).orElseThrow();
    }

    Optional<String> frozen(Side side) {
        return fence(side).flatMap(Fence::frozen);
    }

    Optional<Fence> fence(Side side) {
        return AuthorityTable.fence(world.databases().dsl(side), "user");
    }

    /** Returns the users' stage in the control database. */
    Standing standing() {
        return fence(Side.LEGACY).orElseThrow().standing();
    }

    /** Returns the stages that instances have, or had while some saves returned. */
    Set<Stage> stagesSeen() {
        Set<Stage> seen = new HashSet<>();
        for (Crossfade instance : instances) {
            seen.add(instance.stage("user"));
        }
        return seen;
    }

    long repairedBySweep() {
        return repairedBySweep.get();
    }

    /** Waits until the worker and the operator have tried some more times. */
    void awaitRounds(int more) {
        long from = rounds.get();
        Awaitility.await().atMost(PATIENCE).until(() -> rounds.get() >= from + 3L * more);
    }

    /** Waits until both databases were compared some more times. */
    void awaitLooks(int more) {
        for (Side side : Side.values()) {
            long from = beat(side);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(DataAccessException.class)
                    .until(() -> beat(side) >= from + more);
        }
    }

    private long beat(Side side) {
        return world.databases()
                .dsl(side)
                .fetchSingle("select beat from crossfade.identity")
                .get(0, Long.class);
    }

    /** Makes a side win, at any cost; returns the announced losses. */
    Losses recover(Side winner) {
        Recovery recovery = new Recovery(world.databases(), Users.MAPPING, VerificationListener.NONE);
        Outcome outcome = recovery.decide(new Decision(
                winner, Optional.empty(), new Author("test", "a test's own"), OptionalLong.of(Long.MAX_VALUE), false));
        assertThat(outcome).isInstanceOf(Outcome.Recovered.class);
        if (standing().stage().mirrors()) {
            world.drain();
        }
        return ((Outcome.Recovered) outcome).losses();
    }

    /** Ends the writers, the worker and the operator. */
    void quiet() {
        running.forEach(FailoverScene::end);
        running.clear();
    }

    /** Returns the newest number of each key on either side. */
    Map<Long, Long> newest() {
        return newest(rows(Side.LEGACY), rows(Side.MODERN));
    }

    /** Checks that every key of {@code left}, and every save that has returned since, is on some side and no older. */
    void assertNothingIsDestroyed(Map<Long, Long> left) {
        assertThat(destroyed(left)).isEmpty();
    }

    /** Returns how many keys of {@code left}, or saved since, are now gone or older on both sides. */
    long missing(Map<Long, Long> left) {
        return destroyed(left).size();
    }

    private List<String> destroyed(Map<Long, Long> left) {
        Map<Long, Long> now = newest();
        List<String> destroyed = new ArrayList<>();
        Map<Long, Long> expected = new HashMap<>(saves.acknowledgedSince(acknowledgedBefore));
        left.forEach((key, number) -> expected.merge(key, number, Math::max));
        expected.forEach((key, number) -> {
            if (now.getOrDefault(key, -1L) < number) {
                destroyed.add("%d: %d was there, %s is".formatted(key, number, now.get(key)));
            }
        });
        return destroyed;
    }

    /** Returns the rows of one side. */
    Map<Long, Long> numbers(Side side) {
        return newest(rows(side));
    }

    @SafeVarargs
    private static Map<Long, Long> newest(Result<Record>... sides) {
        Map<Long, Long> newest = new HashMap<>();
        for (Result<Record> side : sides) {
            side.forEach(row -> newest.merge(row.get(0, Long.class), row.get(1, Long.class), Math::max));
        }
        return newest;
    }

    private Result<Record> rows(Side side) {
        DSLContext database = Databases.dsl(world.databases().of(side));
        return database.fetch(side == Side.LEGACY ? LEGACY_ROWS : MODERN_ROWS);
    }

    @Override
    public void close() {
        quiet();
        List.copyOf(instances).forEach(world::stop);
        legacy.reset();
        modern.reset();
        world.close();
    }

    private static void end(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException("It does not end.", e);
        }
    }
}
