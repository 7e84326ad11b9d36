package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.backfill.Orders;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.testing.Loop;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import dev.crossfade.verify.Sweep.Settings;
import dev.crossfade.verify.Sweep.Turn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jooq.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A sweep finds and repairs unexplained differences, and nothing else. */
class SweepIT {

    private static final Settings FAST = new Settings(1_000_000, Duration.ZERO);
    private static final Settings HOURLY = new Settings(1_000_000, Duration.ofHours(1));
    private static final Duration LONG = Duration.ofMinutes(1);

    static Stream<Arguments> mirroredStages() {
        return Stream.of(Topology.values())
                .flatMap(topology ->
                        Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("mirroredStages")
    void everyKindOfDifferenceIsFoundAndRepairedInBothDirections(Topology topology, Stage stage) {
        try (World world = new World(topology)) {
            rows(world, 1, 40);
            mirrored(world.databases(), Users.MAPPING);
            Orders.moveTo(world.databases(), Users.MAPPING, stage);
            damage(world);

            Turn turn = sweep(world, FAST);

            assertThat(turn).isEqualTo(new Turn(42, 5, 5, true, false));
            assertThat(world.differences()).isEmpty();
            assertThat(world.intents()).isZero();
            assertThat(findings(world))
                    .containsExactly(
                            "[0, extra, ]",
                            "[1, missing, ]",
                            "[40, missing, ]",
                            "[7, different, full_name]",
                            "[99, extra, ]");
            assertThat(SweepCycle.lastFinished(world.databases().controlDsl()).get("user"))
                    .satisfies(cycle -> {
                        assertThat(cycle.found()).isEqualTo(5);
                        assertThat(cycle.repaired()).isEqualTo(5);
                        assertThat(cycle.foundPerMillion()).isEqualTo(5 * 1_000_000 / 42.0);
                    });
            assertThat(sweep(world, FAST)).isEqualTo(new Turn(40, 0, 0, true, false));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void emptyTablesAreSweptToo(Topology topology) {
        try (World world = new World(topology)) {
            mirrored(world.databases(), Users.MAPPING);

            assertThat(sweep(world, FAST)).isEqualTo(new Turn(0, 0, 0, true, false));

            world.modern().execute("insert into modern.accounts values (3, null, 'Left Over')");
            assertThat(sweep(world, FAST)).isEqualTo(new Turn(1, 1, 1, true, false));
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void keysOfSeveralColumnsAndRangesOfAFewRowsAreSwept(Topology topology) {
        try (TestDatabase legacy = TestDatabases.create();
                TestDatabase separate = TestDatabases.create()) {
            TestDatabase modern = topology == Topology.ONE_DATABASE ? legacy : separate;
            Databases databases = topology == Topology.ONE_DATABASE
                    ? legacy.databases()
                    : new Databases(legacy.dataSource(), modern.dataSource());
            legacy.execute(
                    Orders.LEGACY_LINES,
                    "insert into legacy.\"Order Lines\" select r, i, 'line' || i from unnest(array['a', 'b', 'c']) r, generate_series(1, 50) i");
            modern.execute(Orders.MODERN_LINES);
            mirrored(databases, Orders.LINES);
            modern.execute(
                    "delete from modern.order_line where (region, no) in (('a', 1), ('b', 25), ('c', 50))",
                    "insert into modern.order_line select 'bb', i, 'extra' from generate_series(1, 160) i");

            AtomicLong most = new AtomicLong();
            SweepListener listener = compared(rows -> most.accumulateAndGet(rows, Math::max));

            // A hundred rows at a time, the smallest range.
            Turn turn = new Sweep(databases, Orders.LINES, new Settings(100, Duration.ZERO), listener)
                    .turn(LONG, () -> false);

            assertThat(most.get()).isLessThanOrEqualTo(201);
            assertThat(turn.rows()).isEqualTo(310);
            assertThat(turn.found()).isEqualTo(163);
            assertThat(turn.repaired())
                    .as("a sweep deletes 100 rows a day at most")
                    .isBetween(3L, 103L);
            new Verification(databases, Orders.LINES, VerificationListener.NONE).run(new RepairMode.AtMost(160));
            assertThat(new Verification(databases, Orders.LINES, VerificationListener.NONE)
                            .run(false)
                            .differenceCount())
                    .isZero();
        }
    }

    @Test
    void columnsInPlaceAreSwept() {
        try (TestDatabase database = TestDatabases.create()) {
            database.execute(
                    Orders.NAMES_TABLE, "insert into legacy.names values (1, 'Ada', 'Lovelace'), (2, 'Bob', null)");
            mirrored(database.databases(), Orders.NAMES);
            database.execute("update legacy.names set full_name = 'Nobody' where id = 2");

            Turn turn = new Sweep(database.databases(), Orders.NAMES, FAST, SweepListener.NONE).turn(LONG, () -> false);

            assertThat(turn).isEqualTo(new Turn(2, 1, 1, true, false));
            assertThat(database.dsl().fetchValue("select full_name from legacy.names where id = 2"))
                    .isEqualTo("Bob");
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aKeyThatIsKnownToBeBehindIsNoFindingUntilItIsForgotten(Topology topology) {
        try (World world = new World(topology)) {
            rows(world, 1, 9);
            mirrored(world.databases(), Users.MAPPING);
            world.modern().execute("delete from modern.accounts where account_id in (3, 4)");
            Notes.append(world.legacy().dsl(), "user", List.of(key(3)));
            new MissedWrites(world.legacy().dsl()).missed("user", key(4), Side.MODERN, new SQLException("no", "22001"));

            assertThat(sweep(world, FAST)).isEqualTo(new Turn(9, 0, 0, true, false));

            world.legacy().execute("delete from crossfade.missed_write", "delete from crossfade.intent");

            assertThat(sweep(world, FAST)).isEqualTo(new Turn(9, 2, 2, true, false));
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowThatDoesNotFitIsFoundAndIsAMissedWriteFromThenOn(Topology topology) {
        try (World world = new World(topology)) {
            rows(world, 1, 9);
            mirrored(world.databases(), Users.MAPPING);
            world.legacy().execute("update legacy.users set first_name = repeat('x', 41) where id = 5");

            assertThat(sweep(world, FAST)).isEqualTo(new Turn(9, 1, 0, true, false));

            assertThat(world.missedWrites()).isEqualTo(1);
            assertThat(sweep(world, FAST)).isEqualTo(new Turn(9, 0, 0, true, false));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void writesUnderWayAreNeverFound(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            backfill(world.databases(), Users.MAPPING);
            AtomicLong passes = new AtomicLong();
            AtomicLong found = new AtomicLong();

            try (Loop one = Loop.of(() -> write(users));
                    Loop other = Loop.of(() -> write(users))) {
                long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
                while (System.nanoTime() < end) {
                    Turn turn = sweep(world, FAST);
                    passes.addAndGet(turn.ended() ? 1 : 0);
                    found.addAndGet(turn.found());
                }
                assertThat(one.failures()).isEmpty();
                assertThat(other.failures()).isEmpty();
                assertThat(one.rounds() + other.rounds()).isPositive();
            }

            assertThat(passes.get()).isPositive();
            assertThat(found.get()).isZero();
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @Test
    void itGoesOnWhereItStoppedOrFailed() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            rows(world, 1, 450);
            mirrored(world.databases(), Users.MAPPING);
            world.modern().execute("delete from modern.accounts where account_id in (50, 250, 450)");
            Settings small = new Settings(100, Duration.ofHours(1));
            AtomicBoolean stopping = new AtomicBoolean();
            SweepListener afterTheFirst = compared(rows -> stopping.set(true));
            SweepListener failing = compared(rows -> {
                throw new IllegalStateException("the test's own");
            });

            Turn first = new Sweep(world.databases(), Users.MAPPING, small, afterTheFirst).turn(LONG, stopping::get);
            assertThatThrownBy(
                            () -> new Sweep(world.databases(), Users.MAPPING, small, failing).turn(LONG, () -> false))
                    .isInstanceOf(IllegalStateException.class);
            Turn rest = new Sweep(world.databases(), Users.MAPPING, HOURLY, SweepListener.NONE).turn(LONG, () -> false);

            assertThat(first).isEqualTo(new Turn(100, 1, 1, false, true));
            assertThat(rest).isEqualTo(new Turn(250, 2, 2, true, false));
        }
    }

    @Test
    void itIsNoFasterThanItMay() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            rows(world, 1, 250);
            mirrored(world.databases(), Users.MAPPING);
            long begun = System.nanoTime();

            Turn turn = sweep(world, new Settings(100, Duration.ZERO));

            assertThat(turn.rows()).isEqualTo(250);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_990));
        }
    }

    @Test
    void oneSweepsAnEntityAtATimeAndAnotherTakesOverWhenItDies() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            rows(world, 1, 9);
            mirrored(world.databases(), Users.MAPPING);
            world.legacy().execute("""
                    insert into crossfade.sweep_cycle (entity, requests, claimed_by, claimed_until, position, rows_compared)
                    values ('user', 0, gen_random_uuid(), now() + interval '1 minute', array['4'], 4)
                    """);

            assertThat(sweep(world, FAST)).isEqualTo(Turn.NONE);

            world.legacy().execute("update crossfade.sweep_cycle set claimed_until = now() - interval '1 second'");

            assertThat(sweep(world, FAST)).isEqualTo(new Turn(5, 0, 0, true, false));
        }
    }

    @Test
    void whatASweeperDoesAfterItsClaimWasTakenHasNoEffect() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            rows(world, 1, 250);
            mirrored(world.databases(), Users.MAPPING);
            SweepListener robbed = compared(
                    rows -> world.legacy().execute("update crossfade.sweep_cycle set claimed_by = gen_random_uuid()"));

            Turn turn = new Sweep(world.databases(), Users.MAPPING, new Settings(100, Duration.ZERO), robbed)
                    .turn(LONG, () -> false);

            assertThat(turn.ended()).isFalse();
            assertThat(world.legacy()
                            .dsl()
                            .fetch("select position[1], rows_compared, finished_at from crossfade.sweep_cycle"))
                    .extracting(row -> row.intoList().toString())
                    .containsExactly("[100, 100, null]");
        }
    }

    @Test
    void itWaitsForTheBackfillAndEndsWithTheMirror() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.LEGACY_ONLY);
            rows(world, 1, 9);
            world.modern().execute("delete from modern.accounts");

            assertThat(sweep(world, FAST)).isEqualTo(Turn.NONE);
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
            assertThat(sweep(world, FAST)).isEqualTo(Turn.NONE);
            backfill(world.databases(), Users.MAPPING);
            assertThat(sweep(world, new Settings(0, Duration.ZERO))).isEqualTo(Turn.NONE);
            assertThat(sweep(world, FAST)).isEqualTo(new Turn(9, 0, 0, true, false));
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.LEGACY_ONLY);
            assertThat(sweep(world, FAST)).isEqualTo(Turn.NONE);
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
            assertThat(sweep(world, FAST)).isEqualTo(Turn.NONE);
        }
    }

    @Test
    void aWishIsMetAtOnceAndFromTheFirstKey() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            rows(world, 1, 90);
            mirrored(world.databases(), Users.MAPPING);
            assertThat(sweep(world, HOURLY).rows()).isEqualTo(90);
            assertThat(sweep(world, HOURLY)).isEqualTo(Turn.NONE);

            world.legacy().execute("begin; truncate legacy.users; select crossfade.request_sweep('user'); commit");

            assertThat(sweep(world, HOURLY)).isEqualTo(new Turn(90, 90, 90, true, false));
            assertThat(world.differences()).isEmpty();
            assertThat(sweep(world, HOURLY)).isEqualTo(Turn.NONE);

            world.modern()
                    .execute("insert into crossfade.sweep_request (entity, reason) values ('user', 'a test''s own')");
            world.legacy().execute("""
                    insert into crossfade.sweep_cycle (entity, requests, position, rows_compared)
                    values ('user', 1, array['999'], 4)
                    """);
            world.modern().execute("insert into modern.accounts values (3, null, 'Left Over')");
            assertThat(sweep(world, HOURLY)).isEqualTo(new Turn(1, 1, 1, true, false));
        }
    }

    private static SweepListener compared(LongConsumer told) {
        return new SweepListener() {
            @Override
            public void compared(String entity, long rows) {
                told.accept(rows);
            }
        };
    }

    private static void write(DualWriteUsers users) {
        long id = ThreadLocalRandom.current().nextLong(1, 40);
        if (ThreadLocalRandom.current().nextInt(4) == 0) {
            users.delete(id);
        } else {
            users.save(new User(id, null, "Name " + ThreadLocalRandom.current().nextInt(1_000_000)));
        }
    }

    private static void damage(World world) {
        world.modern()
                .execute(
                        "delete from modern.accounts where account_id in (1, 40)",
                        "insert into modern.accounts values (0, 'zero@x.org', 'Zero'), (99, null, 'Ninety Nine')",
                        "update modern.accounts set full_name = 'Somebody Else' where account_id = 7");
    }

    private static Turn sweep(World world, Settings settings) {
        return new Sweep(world.databases(), Users.MAPPING, settings, SweepListener.NONE).turn(LONG, () -> false);
    }

    private static List<String> findings(World world) {
        Result<?> findings = world.legacy().dsl().fetch("""
                select key[1], kind, array_to_string(columns, '+') from crossfade.sweep_finding where repaired order by 1
                """);
        return findings.map(row -> row.intoList().toString());
    }

    private static void mirrored(Databases databases, TableMapping mapping) {
        Orders.moveTo(databases, mapping, Stage.DUAL_WRITE);
        backfill(databases, mapping);
    }

    private static void backfill(Databases databases, TableMapping mapping) {
        new Backfill(databases, mapping, new Backfill.Settings(1_000, 0), BackfillListener.NONE).run();
    }

    private static void rows(World world, int from, int to) {
        world.legacy().execute("""
                insert into legacy.users select id, 'U' || id || '@x.org', 'F' || id, 'L' from generate_series(%d, %d) as id
                """.formatted(from, to));
        world.modern().execute("""
                insert into modern.accounts
                select id, 'u' || id || '@x.org', 'F' || id || ' L' from generate_series(%d, %d) as id
                """.formatted(from, to));
    }

    private static RecordKey key(long id) {
        return RecordKey.of(Long.toString(id));
    }
}
