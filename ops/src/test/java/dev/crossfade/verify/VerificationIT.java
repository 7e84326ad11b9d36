package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Orders;
import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Loop;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Traffic;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import dev.crossfade.verify.Difference.Different;
import dev.crossfade.verify.Difference.Extra;
import dev.crossfade.verify.Difference.Missing;
import dev.crossfade.verify.Verification.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A verification names every difference and nothing else. */
class VerificationIT {

    static Stream<Arguments> mirroredStages() {
        return Stream.of(Topology.values())
                .flatMap(topology ->
                        Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void emptyTablesAreEqual(Topology topology) {
        try (World world = new World(topology)) {
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);

            assertThat(verify(world, false))
                    .extracting(Report::rowsCompared, Report::differenceCount)
                    .containsExactly(0L, 0L);
        }
    }

    /**
     * Its later writes without the mirror would come after their key was compared, and the proof would be worthless.
     */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void anInstanceThatDoesNotMirrorYetIsWaitedFor(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            AtomicReference<String> reason = new AtomicReference<>();

            CompletableFuture<Report> verification = crossfade.transaction(tx -> {
                users.in(tx).find(1L);
                Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
                CompletableFuture<Report> started = CompletableFuture.supplyAsync(
                        () -> new Verification(world.databases(), Users.MAPPING, new VerificationListener() {
                                    @Override
                                    public void waiting(String entity, String why) {
                                        reason.compareAndSet(null, why);
                                    }
                                })
                                .run(true),
                        OwnThread.EACH);
                Awaitility.await().until(() -> reason.get() != null || started.isDone());
                users.in(tx).save(new User(3, "three@example.org", "Not Mirrored"));
                return started;
            });

            assertThat(verification.get(30, TimeUnit.SECONDS).repaired()).isEqualTo(1);
            assertThat(reason.get()).contains("fleet acknowledged");
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("mirroredStages")
    void exactlyTheDifferencesAreFoundAndNamedAndRepaired(Topology topology, Stage stage) {
        try (World world = new World(topology)) {
            Orders.moveTo(world.databases(), Users.MAPPING, stage);
            rows(world, 1, 40);
            world.modern()
                    .execute(
                            "delete from modern.accounts where account_id in (1, 17, 40)",
                            "insert into modern.accounts values (0, 'zero@x.org', 'Zero'), (99, null, 'Ninety Nine')",
                            "update modern.accounts set full_name = 'Somebody Else' where account_id = 7",
                            "update modern.accounts set email = 'other8@x.org' where account_id = 8",
                            "update modern.accounts set email = null, full_name = '' where account_id = 9",
                            "update modern.accounts set email = '' where account_id = 30");

            Report report = verify(world, false);

            assertThat(report.rowsCompared()).isEqualTo(40);
            assertThat(report.differenceCount()).isEqualTo(9);
            assertThat(report.restless()).isZero();
            assertThat(report.differences())
                    .containsExactlyInAnyOrder(
                            new Missing(key(1)),
                            new Missing(key(17)),
                            new Missing(key(40)),
                            new Extra(key(0)),
                            new Extra(key(99)),
                            new Different(key(7), List.of("full_name")),
                            new Different(key(8), List.of("email")),
                            new Different(key(9), List.of("email", "full_name")),
                            new Different(key(30), List.of("email")));
            assertThat(world.legacy().dsl().fetch("""
                            select d.key[1], d.kind, array_to_string(d.columns, '+')
                            from crossfade.difference d join crossfade.verification v on v.id = d.verification_id
                            where v.entity = 'user' and v.differences = 9 and v.rows_compared = 40
                                and v.state = 'FINISHED' and v.finished_at is not null and d.key[1] in ('1', '0', '9')
                            order by 1
                            """).map(row -> row.intoList().toString()))
                    .containsExactly("[0, extra, ]", "[1, missing, ]", "[9, different, email+full_name]");

            Report repaired = verify(world, true);

            assertThat(repaired.repaired()).isEqualTo(9);
            assertThat(repaired.differenceCount()).isZero();
            assertThat(world.differences()).isEmpty();
            assertThat(world.intents()).isZero();
            assertThat(verify(world, false).differenceCount()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void nothingAndTheEmptyTextAreDifferent(Topology topology) {
        try (World world = new World(topology)) {
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
            world.legacy().execute("insert into legacy.users values (1, null, 'A', 'B'), (2, '', 'C', 'D')");
            world.modern().execute("insert into modern.accounts values (1, '', 'A B'), (2, null, 'C D')");

            assertThat(verify(world, false).differences())
                    .containsExactlyInAnyOrder(
                            new Different(key(1), List.of("email")), new Different(key(2), List.of("email")));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void rowsThatSwappedTheirValuesDoNotCancelEachOtherOut(Topology topology) {
        try (World world = new World(topology)) {
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
            world.legacy()
                    .execute("insert into legacy.users values (1, 'a@x.org', 'A', 'B'), (2, 'b@x.org', 'C', 'D')");
            world.modern().execute("insert into modern.accounts values (1, 'b@x.org', 'C D'), (2, 'a@x.org', 'A B')");

            assertThat(verify(world, false).differences())
                    .containsExactlyInAnyOrder(
                            new Different(key(1), List.of("email", "full_name")),
                            new Different(key(2), List.of("email", "full_name")));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void differencesOnTheEdgesOfChunksAreFound(Topology topology) {
        try (World world = new World(topology)) {
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
            rows(world, 1, 45_000);
            world.modern()
                    .execute(
                            "delete from modern.accounts where account_id in (2000, 2001, 45000)",
                            "insert into modern.accounts values (-5, null, 'Before'), (45001, null, 'After')",
                            "update modern.accounts set full_name = 'Else' where account_id in (18000, 18001)");
            List<Long> ranges = new ArrayList<>();
            AtomicLong progress = new AtomicLong();

            Report report = new Verification(world.databases(), Users.MAPPING, new VerificationListener() {
                        @Override
                        public void progressed(long rowsDone, long rowsTotal) {
                            assertThat(rowsDone).isGreaterThanOrEqualTo(progress.getAndSet(rowsDone));
                            assertThat(rowsTotal).isEqualTo(45_000);
                            ranges.add(rowsDone);
                        }
                    })
                    .run(false);

            assertThat(ranges).startsWith(2_000L).hasSizeGreaterThan(2);
            assertThat(report.rowsCompared()).isEqualTo(45_000);
            assertThat(progress).hasValue(45_000);
            assertThat(report.differences())
                    .containsExactlyInAnyOrder(
                            new Missing(key(2_000)),
                            new Missing(key(2_001)),
                            new Missing(key(45_000)),
                            new Extra(key(-5)),
                            new Extra(key(45_001)),
                            new Different(key(18_000), List.of("full_name")),
                            new Different(key(18_001), List.of("full_name")));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void moreDifferencesThanAreNamedAreAllCountedAndRepaired(Topology topology) {
        try (World world = new World(topology)) {
            Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
            rows(world, 1, 1300);
            world.modern().execute("delete from modern.accounts");

            Report report = verify(world, false);

            assertThat(report.differenceCount()).isEqualTo(1300);
            assertThat(report.differences()).hasSize(Verification.NAMED);
            assertThat(verify(world, true).repaired()).isEqualTo(1300);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void compositeKeysAndQuotedNamesAreCompared(Topology topology) {
        try (TestDatabase legacy = TestDatabases.create();
                TestDatabase separate = TestDatabases.create()) {
            boolean shared = topology == Topology.ONE_DATABASE;
            TestDatabase modern = shared ? legacy : separate;
            Databases databases =
                    shared ? legacy.databases() : new Databases(legacy.dataSource(), separate.dataSource());
            legacy.execute(
                    Orders.LEGACY_LINES,
                    "insert into legacy.\"Order Lines\" values ('a', 1, ' x '), ('a', 2, 'y'), ('b,1', 1, null)");
            modern.execute(
                    Orders.MODERN_LINES,
                    "insert into modern.order_line values ('a', 1, 'x'), ('b,1', 1, ''), ('b', 7, 'z')");
            Orders.moveTo(databases, Orders.LINES, Stage.DUAL_WRITE);

            assertThat(new Verification(databases, Orders.LINES, VerificationListener.NONE)
                            .run(false)
                            .differences())
                    .containsExactlyInAnyOrder(
                            new Missing(RecordKey.of("a", "2")),
                            new Extra(RecordKey.of("b", "7")),
                            new Different(RecordKey.of("b,1", "1"), List.of("order")));
        }
    }

    @Test
    void columnsOfTheSameTableAreCompared() {
        try (TestDatabase database = TestDatabases.create()) {
            database.execute(Orders.NAMES_TABLE, """
                    insert into legacy.names values (1, 'Ada', 'Lovelace', 'Ada Lovelace'), (2, 'Alan', null, null)
                    """);
            Orders.moveTo(database.databases(), Orders.NAMES, Stage.DUAL_WRITE);
            Verification verification = new Verification(database.databases(), Orders.NAMES, VerificationListener.NONE);

            assertThat(verification.run(false).differences())
                    .containsExactly(new Different(key(2), List.of("full_name")));
            assertThat(verification.run(true).repaired()).isEqualTo(1);
            assertThat(database.dsl().fetchValue("select full_name from legacy.names where id = 2"))
                    .isEqualTo("Alan");
        }
    }

    @ParameterizedTest
    @MethodSource("mirroredStages")
    void writesUnderWayAreNoDifferences(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);

            Traffic traffic = new Traffic(crossfade, users, 4, 11);
            try (traffic;
                    Loop verifier = Loop.of(() -> {
                        Report report = verify(world, false);
                        assertThat(report.differences()).isEmpty();
                        assertThat(report.differenceCount()).isZero();
                    })) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(240))
                        .until(() -> !verifier.failures().isEmpty()
                                || !traffic.failures().isEmpty()
                                || (verifier.rounds() > 1 && traffic.operations() > 200));
                traffic.close();
                verifier.close();
                assertThat(verifier.failures()).isEmpty();
            }
            assertThat(traffic.failures()).isEmpty();
        }
    }

    private static Report verify(World world, boolean repair) {
        return new Verification(world.databases(), Users.MAPPING, VerificationListener.NONE).run(repair);
    }

    /** Inserts rows that are equal on both sides; every tenth has no address, every third no second name. */
    private static void rows(World world, int from, int to) {
        world.legacy().execute("""
                insert into legacy.users
                select id, case when id %% 10 > 0 then ' U' || id || '@x.org' end, 'F' || id,
                    case when id %% 3 > 0 then 'L' end
                from generate_series(%d, %d) as id
                """.formatted(from, to));
        world.modern().execute("""
                insert into modern.accounts
                select id, case when id %% 10 > 0 then 'u' || id || '@x.org' end,
                    'F' || id || case when id %% 3 > 0 then ' L' else '' end
                from generate_series(%d, %d) as id
                """.formatted(from, to));
    }

    private static RecordKey key(long id) {
        return RecordKey.of(Long.toString(id));
    }
}
