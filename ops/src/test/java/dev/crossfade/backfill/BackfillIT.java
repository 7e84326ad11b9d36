package dev.crossfade.backfill;

import static dev.crossfade.backfill.Backfills.SMALL_BATCHES;
import static dev.crossfade.backfill.Backfills.dualWrite;
import static dev.crossfade.backfill.Backfills.insert;
import static dev.crossfade.backfill.Backfills.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.crossfade.backfill.Backfill.Result;
import dev.crossfade.backfill.Backfill.Settings;
import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Existing rows reach the modern side exactly once, whatever happens meanwhile. */
class BackfillIT {

    static Stream<Arguments> fewRows() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(0, 1, 2).map(rows -> Arguments.of(topology, rows)));
    }

    static Stream<Arguments> wrongStages() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.LEGACY_ONLY, Stage.MODERN_PRIMARY, Stage.MODERN_ONLY)
                        .map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void everyRowIsCopiedOnceAndASecondRunHasNothingToDo(Topology topology) {
        try (World world = new World(topology)) {
            insert(world, 1, 320);
            dualWrite(world);
            AtomicReference<Progress> last = new AtomicReference<>();

            Result result = new Backfill(world.databases(), Users.MAPPING, SMALL_BATCHES, told(last::set)).run();

            assertThat(result)
                    .extracting(Result::rowsRead, Result::rowsWritten, Result::rowsMissed, Result::complete)
                    .containsExactly(320L, 320L, 0L, true);
            assertThat(last.get().rowsDone()).isEqualTo(320);
            assertThat(last.get().rowsTotal()).isEqualTo(320);
            assertThat(world.differences()).isEmpty();
            Result again = run(world, SMALL_BATCHES);
            assertThat(again.nothingToDo()).isTrue();
            assertThat(again.complete()).isTrue();
            assertThat(again.rowsRead()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("fewRows")
    void aTableWithHardlyAnyRowIsComplete(Topology topology, int rows) {
        try (World world = new World(topology)) {
            insert(world, 1, rows);
            dualWrite(world);

            Result result = run(world, new Settings(1, 0));

            assertThat(result.complete()).isTrue();
            assertThat(result.rowsWritten()).isEqualTo(rows);
            assertThat(world.differences()).isEmpty();
            assertThat(run(world, Settings.DEFAULTS).nothingToDo()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aCompositeKeyIsFollowedAcrossBatches(Topology topology) {
        try (TestDatabase legacy = TestDatabases.create();
                TestDatabase separate = TestDatabases.create()) {
            TestDatabase modern = topology == Topology.ONE_DATABASE ? legacy : separate;
            Databases databases = topology == Topology.ONE_DATABASE
                    ? legacy.databases()
                    : new Databases(legacy.dataSource(), separate.dataSource());
            legacy.execute(Orders.LEGACY_LINES, """
                    insert into legacy."Order Lines"
                    select region, no, ' order ' || no || ' ' from unnest(array['north', 'süd', 'a b', '']) as region,
                        generate_series(-3, 25) as no
                    """);
            modern.execute(Orders.MODERN_LINES);
            Orders.moveTo(databases, Orders.LINES, Stage.DUAL_WRITE);

            Result result = new Backfill(databases, Orders.LINES, new Settings(7, 0), BackfillListener.NONE).run();

            assertThat(result.rowsWritten()).isEqualTo(4 * 29);
            assertThat(modern.dsl().fetch("select region, no::int, \"order\" from modern.order_line order by 1, 2"))
                    .isEqualTo(legacy.dsl().fetch("""
                            select "Region" as region, "No" as no, btrim("Order") as "order"
                            from legacy."Order Lines" order by 1, 2
                            """));
        }
    }

    @Test
    void columnsOfTheSameTableAreFilledInPlace() {
        try (TestDatabase database = TestDatabases.create()) {
            database.execute(Orders.NAMES_TABLE, """
                    insert into legacy.names (id, first_name, last_name)
                    select id, 'First' || id, case when id % 3 > 0 then 'Last' || id end from generate_series(1, 130) as id
                    """);
            Orders.moveTo(database.databases(), Orders.NAMES, Stage.DUAL_WRITE);

            Result result =
                    new Backfill(database.databases(), Orders.NAMES, SMALL_BATCHES, BackfillListener.NONE).run();

            assertThat(result.rowsRead()).isEqualTo(130);
            assertThat(result.complete()).isTrue();
            assertThat(database.dsl().fetchValue("""
                            select count(*) from legacy.names
                            where full_name is distinct from concat_ws(' ', first_name, last_name)
                            """)).isEqualTo(0L);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRunThatWasStoppedGoesOnFromItsCheckpoint(Topology topology) {
        try (World world = new World(topology)) {
            insert(world, 1, 320);
            dualWrite(world);
            AtomicReference<Backfill> running = new AtomicReference<>();
            AtomicInteger batches = new AtomicInteger();
            running.set(new Backfill(world.databases(), Users.MAPPING, SMALL_BATCHES, told(progress -> {
                if (batches.incrementAndGet() == 3) {
                    running.get().stop();
                }
            })));

            Result stopped = running.get().run();
            Result resumed = run(world, SMALL_BATCHES);

            assertThat(stopped.complete()).isFalse();
            assertThat(stopped.rowsRead()).isEqualTo(150);
            assertThat(resumed.complete()).isTrue();
            assertThat(resumed.rowsRead()).isEqualTo(170);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRunWhoseConnectionsAreCutGoesOnFromItsCheckpoint(Topology topology) {
        try (World world = new World(topology)) {
            insert(world, 1, 320);
            dualWrite(world);
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.databases().legacy());
            InterceptedDataSource modern = topology == Topology.ONE_DATABASE
                    ? legacy
                    : new InterceptedDataSource(world.databases().modern());
            AtomicInteger batches = new AtomicInteger();
            modern.intercept(sql -> {
                if (sql.contains("into \"modern\".\"accounts\"") && batches.incrementAndGet() == 3) {
                    try (TestDatabase.Session control = world.legacy().session()) {
                        control.execute("""
                                select pg_terminate_backend(pid) from pg_stat_activity
                                where datname = current_database() and pid <> pg_backend_pid()
                                """);
                    }
                }
            });

            assertThatThrownBy(() -> new Backfill(
                                    new Databases(legacy, modern), Users.MAPPING, SMALL_BATCHES, BackfillListener.NONE)
                            .run())
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("un it again");
            modern.letGo();
            Result resumed = run(world, SMALL_BATCHES);

            assertThat(resumed.complete()).isTrue();
            assertThat(resumed.rowsRead()).isLessThan(320);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void oneBackfillRunsAtATime(Topology topology) {
        try (World world = new World(topology)) {
            insert(world, 1, 60);
            dualWrite(world);
            AtomicReference<RuntimeException> second = new AtomicReference<>();

            Result first = new Backfill(world.databases(), Users.MAPPING, SMALL_BATCHES, told(progress -> {
                        try {
                            run(world, SMALL_BATCHES);
                        } catch (RefusedException e) {
                            second.set(e);
                        }
                    }))
                    .run();

            assertThat(first.complete()).isTrue();
            assertThat(second.get()).hasMessageContaining("Another backfill of user is running");
        }
    }

    @ParameterizedTest
    @MethodSource("wrongStages")
    void whereRowsAreNotMirroredNothingIsBackfilled(Topology topology, Stage stage) {
        try (World world = new World(topology)) {
            world.usersAt(stage);
            insert(world, 1, 3);

            assertThatThrownBy(() -> run(world, Settings.DEFAULTS))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(stage.label())
                    .hasMessageContaining("crossfade stage user --to dual-write");

            assertThat(world.of(Side.MODERN).dsl().fetchValue("select count(*) from modern.accounts"))
                    .isEqualTo(0L);
        }
    }

    @Test
    void anEntityThatNobodyServesIsRefused() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.start();

            assertThatThrownBy(() -> run(world, Settings.DEFAULTS))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("'user'");
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowThatDoesNotFitIsRecordedAndTheOthersGoThrough(Topology topology) {
        try (World world = new World(topology)) {
            insert(world, 1, 200);
            world.legacy()
                    .execute(
                            "update legacy.users set last_name = repeat('x', 50) where id in (77, 200)",
                            "update legacy.users set email = 'u1@example.org' where id = 120");
            dualWrite(world);

            Result result = run(world, SMALL_BATCHES);

            assertThat(result)
                    .extracting(Result::rowsRead, Result::rowsWritten, Result::rowsMissed, Result::complete)
                    .containsExactly(200L, 197L, 3L, true);
            assertThat(new MissedWrites(world.databases().controlDsl()).list(Optional.of("user"), 10))
                    .extracting(MissedWrite::key, MissedWrite::sqlState, MissedWrite::mirror)
                    .containsExactlyInAnyOrder(
                            tuple(RecordKey.of("77"), "22001", Side.MODERN),
                            tuple(RecordKey.of("200"), "22001", Side.MODERN),
                            tuple(RecordKey.of("120"), "23505", Side.MODERN));
            world.legacy()
                    .execute(
                            "update legacy.users set last_name = 'y', email = 'fits' || id where id in (77, 120, 200)");
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void rowsThatAreThereAlreadyAreKept(Topology topology) {
        try (World world = new World(topology)) {
            insert(world, 1, 120);
            DualWriteUsers users = world.usersAt(Stage.DUAL_WRITE);
            users.save(new User(60, "sixty@example.org", "Sixty Written"));
            world.drain();

            Result result = run(world, SMALL_BATCHES);

            assertThat(result.rowsRead()).isEqualTo(120);
            assertThat(result.rowsWritten()).isEqualTo(119);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theRateIsNotExceeded(Topology topology) {
        try (World world = new World(topology)) {
            insert(world, 1, 200);
            dualWrite(world);

            Result result = run(world, new Settings(20, 400));

            assertThat(result.rowsRead()).isEqualTo(200);
            assertThat(result.took()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        }
    }

    private static BackfillListener told(Consumer<Progress> batch) {
        return new BackfillListener() {
            @Override
            public void batchCopied(Progress progress) {
                batch.accept(progress);
            }
        };
    }
}
