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
import dev.crossfade.testing.Operators;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of keys that cannot be applied: which attempts they spend, and what that costs the others. */
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
    void oneBadRowAmongAThousandIsFoundByHalving(Topology topology) {
        try (World world = world(topology)) {
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.legacy().dataSource());
            InterceptedDataSource modern =
                    new InterceptedDataSource(world.modern().dataSource());
            Databases databases =
                    topology == Topology.ONE_DATABASE ? Databases.shared(legacy) : new Databases(legacy, modern);
            users(world, 1, 1000);
            world.legacy().execute("update legacy.users set last_name = repeat('x', 50) where id = 637");
            note(world, "user", IntStream.rangeClosed(1, 1000).toArray());
            AtomicInteger statements = new AtomicInteger();
            legacy.intercept(sql -> statements.incrementAndGet());
            modern.intercept(sql -> statements.incrementAndGet());

            Drain.Round round = drain(databases, RetrySettings.DEFAULTS).intents(Users.MAPPING, Duration.ZERO);

            assertThat(round).isEqualTo(new Drain.Round(999, 0, 1));
            assertThat(statements.get())
                    .as("all statements, with locks and records")
                    .isLessThan(60);
            assertThat(missed(world)).singleElement().satisfies(one -> {
                assertThat(one.key()).isEqualTo(RecordKey.of("637"));
                assertThat(one.sqlState()).isEqualTo("22001");
                assertThat(one.message()).isEqualTo("value too long for type character varying(40)");
            });
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

    private static void note(World world, String entity, int... keys) {
        Intents.append(
                world.legacy().dsl(),
                entity,
                IntStream.of(keys).mapToObj(key -> RecordKey.of("" + key)).toList());
    }

    private static List<MissedWrite> missed(World world) {
        return new MissedWrites(world.legacy().dsl()).list(Optional.empty(), 10);
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
