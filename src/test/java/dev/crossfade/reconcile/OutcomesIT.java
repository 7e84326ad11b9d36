package dev.crossfade.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Operators;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The outcomes of keys that cannot be applied: which attempts they spend, and what that costs other keys. */
class OutcomesIT {

    private static final TableMapping ORDERS = TableMapping.table("order")
            .legacy("legacy", "orders")
            .modern("modern", "orders")
            .key(new Column("id", "integer"), new Column("id", "bigint"))
            .project(new Column("account_id", "bigint"), "user_id")
            .restore(new Column("user_id", "integer"), "account_id")
            .parent("user")
            .build();

    @ParameterizedTest
    @EnumSource
    void badRowsAmongAThousandAreFoundInAFewStatementsEach(Topology topology) {
        try (World world = world(topology)) {
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.legacy().dataSource());
            InterceptedDataSource modern =
                    new InterceptedDataSource(world.modern().dataSource());
            Databases databases =
                    topology == Topology.ONE_DATABASE ? Databases.shared(legacy) : new Databases(legacy, modern);
            users(world, 1, 1000);
            world.legacy().execute("update legacy.users set last_name = repeat('x', 50) where id % 100 = 37");
            note(world, "user", IntStream.rangeClosed(1, 1000).toArray());
            AtomicInteger statements = new AtomicInteger();
            legacy.intercept(sql -> statements.incrementAndGet());
            modern.intercept(sql -> statements.incrementAndGet());

            Drain.Round round = drain(databases, RetrySettings.DEFAULTS).intents(Users.MAPPING, Duration.ZERO);

            assertThat(round).isEqualTo(new Drain.Round(990, 0, 10));
            assertThat(statements.get())
                    .as("all statements, with locks and records")
                    .isLessThan(90);
            assertThat(missed(world)).hasSize(10).allSatisfy(one -> {
                assertThat(Integer.parseInt(one.key().values().getFirst()) % 100)
                        .isEqualTo(37);
                assertThat(one.sqlState()).isEqualTo("22001");
                assertThat(one.message()).isEqualTo("value too long for type character varying(40)");
            });
        }
    }

    /** With rows that fail when written, among others or alone, and rows that fail after all rows were written. */
    @ParameterizedTest
    @EnumSource
    void whichRowsDoNotFitIsToldExactlyWhereverTheyAre(Topology topology) {
        Map<String, List<Integer>> bad = Map.of(
                "22001", List.of(1, 2, 33, 64, 65, 96, 100),
                "23505", List.of(31, 66, 97),
                "23503", List.of(32, 70, 71, 98));
        try (World world = world(topology)) {
            users(world, 1, 200);
            world.modern().execute("""
                    insert into modern.accounts (account_id, email, full_name) select -n, 'taken' || n, 'One'
                    from generate_series(1, 200) as n;
                    create table modern.names (full_name varchar(40) primary key);
                    insert into modern.names values ('A B'), ('One');
                    alter table modern.accounts add foreign key (full_name) references modern.names;
                    """);
            world.legacy().execute("update legacy.users set last_name = 'B', first_name = 'A'");
            bad.get("22001").forEach(id -> change(world, "last_name", "x".repeat(50), id));
            bad.get("23505").forEach(id -> change(world, "email", "taken" + id, id));
            bad.get("23503").forEach(id -> change(world, "last_name", "Nobody", id));
            note(world, "user", IntStream.rangeClosed(1, 200).toArray());

            drain(world.databases(), new RetrySettings(9, Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO))
                    .intents(Users.MAPPING, Duration.ZERO);

            Map<String, List<Integer>> found = missed(world).stream()
                    .collect(Collectors.groupingBy(
                            MissedWrite::sqlState,
                            Collectors.mapping(
                                    one -> Integer.valueOf(one.key().values().getFirst()), Collectors.toList())));
            assertThat(found.keySet()).isEqualTo(bad.keySet());
            bad.forEach((state, keys) -> assertThat(found.get(state)).containsExactlyInAnyOrderElementsOf(keys));
            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts where account_id > 0"))
                    .isEqualTo(200L - 14);
        }
    }

    @Test
    void aBatchOfBadRowsOnASlowMirrorHoldsItsLocksNoLongerThanItMay() {
        try (World world = world(Topology.ONE_DATABASE)) {
            users(world, 1, 1000);
            world.modern().execute("""
                    create function modern.refuse() returns trigger language plpgsql as $$
                    begin perform pg_sleep(0.01); raise check_violation; end $$;
                    create trigger refuse before insert on modern.accounts for each row execute function modern.refuse();
                    """);
            note(world, "user", IntStream.rangeClosed(1, 1000).toArray());
            Reconciler hurried = new Reconciler(
                    world.databases(), ReconcileListener.NONE, Duration.ofMillis(300), RetrySettings.DEFAULTS);

            long start = System.nanoTime();
            Drain.Round round = new Drain(world.databases(), hurried).intents(Users.MAPPING, Duration.ZERO);

            assertThat(round.missed()).isPositive();
            assertThat(round.deferred()).isGreaterThan(500);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(7));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBadRowIsTriedLessAndLessOftenAndParkedInTheEnd(Topology topology) {
        try (World world = world(topology)) {
            users(world, 1, 1);
            world.legacy().execute("update legacy.users set last_name = repeat('x', 50)");
            note(world, "user", 1);
            Drain drain = drain(
                    world.databases(), new RetrySettings(4, Duration.ofMillis(40), Duration.ofHours(1), Duration.ZERO));
            drain.intents(Users.MAPPING, Duration.ZERO);

            List<Long> pauses = new ArrayList<>();
            for (int attempts = 1; attempts < 4; attempts++) {
                pauses.add(pause(world));
                assertThat(missed(world).getFirst().parked()).isFalse();
                awaitRound(drain);
                assertThat(missed(world).getFirst().attempts()).isEqualTo(attempts + 1);
            }

            MissedWrite parked = missed(world).getFirst();
            assertThat(parked.parked()).isTrue();
            assertThat(parked.waits()).isZero();
            assertThat(pauses.get(1)).as("pauses %s", pauses).isGreaterThan(pauses.get(0));
            assertThat(pauses.get(2)).as("pauses %s", pauses).isGreaterThan(pauses.get(1));
            world.legacy().execute("update crossfade.missed_write set next_try_at = now()");
            assertThat(drain.missedWrites(Users.MAPPING).isIdle()).isTrue();
            world.legacy().execute("update legacy.users set last_name = 'short'");
            Operators.retry(world.legacy().dsl(), "user");
            assertThat(drain.missedWrites(Users.MAPPING).applied()).isOne();
            assertThat(missed(world)).as("a success clears the record").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChildWaitsForItsParentWithoutSpendingAnAttempt(Topology topology) {
        try (World world = world(topology)) {
            users(world, 1, 1);
            world.legacy().execute("insert into legacy.orders values (10, 1)");
            note(world, "order", 10);
            Drain patient = drain(world.databases(), RetrySettings.DEFAULTS);

            assertThat(patient.intents(ORDERS, Duration.ZERO)).isEqualTo(new Drain.Round(0, 1, 0));
            assertThat(Intents.count(world.legacy().dsl(), "order"))
                    .as("it keeps its intent")
                    .isOne();
            assertThat(missed(world)).isEmpty();

            Drain drain = drain(
                    world.databases(),
                    new RetrySettings(1, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ZERO));
            assertThat(drain.intents(ORDERS, Duration.ZERO)).isEqualTo(new Drain.Round(0, 0, 1));
            for (int i = 0; i < 3; i++) {
                awaitRound(drain, ORDERS);
            }
            assertThat(missed(world)).singleElement().satisfies(one -> {
                assertThat(one.sqlState()).isEqualTo("23503");
                assertThat(one.attempts()).isZero();
                assertThat(one.waits()).isEqualTo(4);
                assertThat(one.parked()).isFalse();
                assertThat(one.message())
                        .isEqualTo(
                                "insert or update on table \"orders\" violates foreign key constraint \"orders_account_id_fkey\"");
            });
            assertThat(Intents.count(world.legacy().dsl(), "order"))
                    .as("a retry leaves no intents behind")
                    .isZero();
            assertThat(new MissedWrites(world.legacy().dsl())
                            .count(new MissedFilter(
                                    Optional.empty(), Optional.empty(), Optional.of(MissedFilter.WAITS))))
                    .isOne();

            note(world, "user", 1);
            drain.intents(Users.MAPPING, Duration.ZERO);
            awaitRound(drain, ORDERS);
            assertThat(missed(world)).isEmpty();
            assertThat(world.modern().dsl().fetchValue("select account_id from modern.orders"))
                    .isEqualTo(1L);
        }
    }

    private static World world(Topology topology) {
        World world = new World(topology);
        ControlSchema.install(world.databases());
        world.legacy().execute("create table legacy.orders (id integer primary key, user_id integer not null)");
        world.modern()
                .execute(
                        "create table modern.orders (id bigint primary key, account_id bigint not null references modern.accounts)");
        world.legacy()
                .execute(
                        "insert into crossfade.authority (entity, epoch, stage) values ('user', 1, 'DUAL_WRITE'), ('order', 1, 'DUAL_WRITE')");
        return world;
    }

    private static Drain drain(Databases databases, RetrySettings retries) {
        return new Drain(databases, new Reconciler(databases, ReconcileListener.NONE, Duration.ofSeconds(5), retries));
    }

    private static void users(World world, int from, int to) {
        world.legacy()
                .dsl()
                .execute(
                        "insert into legacy.users (id, email, first_name, last_name) select i, i || '@example.org', 'F', 'L' from generate_series(cast(? as int), cast(? as int)) as i",
                        from,
                        to);
    }

    private static void change(World world, String column, String value, int id) {
        world.legacy()
                .dsl()
                .update(DSL.table(DSL.name("legacy", "users")))
                .set(DSL.field(DSL.name(column), String.class), value)
                .where(DSL.field(DSL.name("id"), Integer.class).eq(id))
                .execute();
    }

    private static void note(World world, String entity, int... keys) {
        Notes.append(
                world.legacy().dsl(),
                entity,
                IntStream.of(keys).mapToObj(key -> RecordKey.of("" + key)).toList());
    }

    private static List<MissedWrite> missed(World world) {
        return new MissedWrites(world.legacy().dsl()).list(Optional.empty(), 100);
    }

    /** Returns for how many milliseconds the only missed write pauses. */
    private static long pause(World world) {
        return world.legacy()
                .dsl()
                .fetchSingle(
                        "select cast(extract(epoch from next_try_at - last_missed_at) * 1000 as bigint) from crossfade.missed_write")
                .get(0, Long.class);
    }

    private static void awaitRound(Drain drain) {
        awaitRound(drain, Users.MAPPING);
    }

    private static void awaitRound(Drain drain, TableMapping mapping) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !drain.missedWrites(mapping).isIdle());
    }
}
