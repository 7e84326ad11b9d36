package dev.crossfade.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A mirror row that cannot be deleted because others refer to it is distinguished from one that waits for the row
 * that it refers to.
 */
class ReferencedRowsIT {

    private static final RetrySettings HURRIED =
            new RetrySettings(3, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ZERO);

    private static final TableMapping ORDERS = TableMapping.table("order")
            .legacy("legacy", "orders")
            .modern("modern", "orders")
            .key(new Column("id", "integer"), new Column("id", "bigint"))
            .project(new Column("account_id", "bigint"), "user_id")
            .restore(new Column("user_id", "integer"), "account_id")
            .parent("user")
            .build();

    private static final TableMapping NODES = TableMapping.table("node")
            .legacy("legacy", "nodes")
            .modern("modern", "nodes")
            .key(new Column("id", "integer"), new Column("id", "integer"))
            .project(new Column("parent", "integer"), "parent")
            .restore(new Column("parent", "integer"), "parent")
            .build();

    /** The applier comes to the parent's deletion first. */
    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, NO ACTION",
        "TWO_DATABASES, NO ACTION",
        "ONE_DATABASE, RESTRICT",
        "TWO_DATABASES, RESTRICT"
    })
    void parentAndChildThatAreDeletedTogetherAreLevelAfterOneMoreRound(Topology topology, String action) {
        try (World world = world(topology, action)) {
            Drain drain = drain(world, RetrySettings.DEFAULTS);
            mirrored(world, drain);
            world.legacy()
                    .execute(
                            "begin; delete from legacy.orders where id <= 20; delete from legacy.users where id <= 20; commit");
            note(world, "user", IntStream.rangeClosed(1, 40).toArray());
            note(world, "order", IntStream.rangeClosed(1, 40).toArray());

            assertThat(drain.intents(Users.MAPPING, Duration.ZERO))
                    .as("those to which orders refer wait, the others do not")
                    .isEqualTo(new Drain.Round(20, 20, 0));
            assertThat(drain.intents(ORDERS, Duration.ZERO)).isEqualTo(new Drain.Round(40, 0, 0));
            assertThat(drain.intents(Users.MAPPING, Duration.ZERO)).isEqualTo(new Drain.Round(20, 0, 0));

            assertThat(missed(world)).as("no attempt is spent").isEmpty();
            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                    .isEqualTo(20L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, NO ACTION",
        "TWO_DATABASES, NO ACTION",
        "ONE_DATABASE, RESTRICT",
        "TWO_DATABASES, RESTRICT"
    })
    void aDeletionThatOthersStandInTheWayOfSpendsAttemptsSaysWhoAndEnds(Topology topology, String action) {
        try (World world = world(topology, action)) {
            List<FailureClass> told = new ArrayList<>();
            Drain drain = new Drain(
                    world.databases(),
                    new Reconciler(world.databases(), telling(told), Duration.ofSeconds(5), HURRIED));
            mirrored(world, drain);
            world.legacy().execute("delete from legacy.users where id = 7");
            note(world, "user", 7);

            assertThat(drain.intents(Users.MAPPING, Duration.ZERO)).isEqualTo(new Drain.Round(0, 0, 1));
            awaitRound(drain);
            awaitRound(drain);

            assertThat(missed(world)).singleElement().satisfies(one -> {
                assertThat(one.sqlState()).isEqualTo("23001");
                assertThat(one.attempts()).isEqualTo(3);
                assertThat(one.waits()).isZero();
                assertThat(one.parked()).isTrue();
                assertThat(one.message())
                        .startsWith("rows of modern.orders refer to it by orders_account_fk: ")
                        .doesNotContain("7");
            });
            assertThat(told).isNotEmpty().containsOnly(FailureClass.REFERENCED);
            assertThat(counted(world, MissedFilter.REFERENCED)).isOne();
            assertThat(counted(world, MissedFilter.WAITS)).isZero();
            assertThat(counted(world, MissedFilter.POISON)).isZero();
            assertThat(new MissedWrites(world.legacy().dsl())
                            .tallies()
                            .get("user")
                            .waiting())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReferencedValueThatChangesIsToldByTheTableOfTheError(Topology topology) {
        try (World world = world(topology, "NO ACTION")) {
            Drain drain = drain(world, HURRIED);
            mirrored(world, drain);
            world.modern()
                    .execute(
                            "create table modern.logins (email text references modern.accounts (email))",
                            "insert into modern.logins values ('7@example.org')");
            world.legacy().execute("update legacy.users set email = 'new@example.org' where id = 7");
            note(world, "user", IntStream.rangeClosed(1, 40).toArray());

            assertThat(drain.intents(Users.MAPPING, Duration.ZERO)).isEqualTo(new Drain.Round(39, 0, 1));

            assertThat(missed(world)).singleElement().satisfies(one -> {
                assertThat(one.key()).isEqualTo(RecordKey.of("7"));
                assertThat(one.sqlState()).isEqualTo("23001");
                assertThat(one.message()).startsWith("rows of modern.logins refer to it by logins_email_fkey: ");
            });
        }
    }

    /** The error names the same table for both. */
    @ParameterizedTest
    @EnumSource
    void inATableThatRefersToItselfTheKindOfStatementDecides(Topology topology) {
        try (World world = world(topology, "NO ACTION")) {
            world.legacy().execute("create table legacy.nodes (id integer primary key, parent integer)");
            world.modern()
                    .execute(
                            "create table modern.nodes (id integer primary key, parent integer references modern.nodes)");
            world.modern().execute("insert into modern.nodes values (1, null), (2, 1)");
            world.legacy().execute("insert into legacy.nodes values (2, 1), (9, 8)");
            note(world, "node", 1, 9);

            assertThat(drain(world, HURRIED).intents(NODES, Duration.ZERO)).isEqualTo(new Drain.Round(0, 0, 2));

            assertThat(missed(world)).anySatisfy(one -> {
                assertThat(one.key()).isEqualTo(RecordKey.of("1"));
                assertThat(one.sqlState()).isEqualTo("23001");
                assertThat(one.attempts()).isOne();
            });
            assertThat(missed(world)).anySatisfy(one -> {
                assertThat(one.key()).isEqualTo(RecordKey.of("9"));
                assertThat(one.sqlState()).isEqualTo("23503");
                assertThat(one.attempts()).isZero();
                assertThat(one.waits()).isOne();
            });
        }
    }

    /** The error names the partition, which is not the table that is written. */
    @ParameterizedTest
    @EnumSource
    void aRowOfAPartitionStillWaitsForItsParent(Topology topology) {
        try (World world = world(topology, "NO ACTION")) {
            world.modern().execute("""
                    drop table modern.orders;
                    create table modern.orders (id bigint primary key, account_id bigint references modern.accounts)
                        partition by range (id);
                    create table modern.orders_1 partition of modern.orders for values from (0) to (1000);
                    """);
            world.legacy().execute("insert into legacy.orders values (10, 1)");
            note(world, "order", 10);

            assertThat(drain(world, HURRIED).intents(ORDERS, Duration.ZERO)).isEqualTo(new Drain.Round(0, 0, 1));

            assertThat(missed(world)).singleElement().satisfies(one -> {
                assertThat(one.sqlState()).isEqualTo("23503");
                assertThat(one.attempts()).isZero();
                assertThat(one.waits()).isOne();
            });
        }
    }

    private static World world(Topology topology, String action) {
        World world = new World(topology);
        ControlSchema.install(world.databases());
        world.legacy().execute("create table legacy.orders (id integer primary key, user_id integer not null)");
        world.modern().execute("""
                create table modern.orders (id bigint primary key, account_id bigint not null,
                    constraint orders_account_fk foreign key (account_id) references modern.accounts on delete %s)
                """.formatted(action));
        for (String entity : List.of("user", "order", "node")) {
            world.legacy()
                    .dsl()
                    .execute(
                            "insert into crossfade.authority (entity, epoch, stage) values (?, 1, 'DUAL_WRITE')",
                            entity);
        }
        return world;
    }

    /** Makes 40 users with an order each, on both sides. */
    private static void mirrored(World world, Drain drain) {
        world.legacy()
                .execute(
                        "insert into legacy.users (id, email, first_name, last_name) select i, i || '@example.org', 'F', 'L' from generate_series(1, 40) as i",
                        "insert into legacy.orders select i, i from generate_series(1, 40) as i");
        note(world, "user", IntStream.rangeClosed(1, 40).toArray());
        note(world, "order", IntStream.rangeClosed(1, 40).toArray());
        assertThat(drain.intents(Users.MAPPING, Duration.ZERO).applied()).isEqualTo(40);
        assertThat(drain.intents(ORDERS, Duration.ZERO).applied()).isEqualTo(40);
    }

    private static ReconcileListener telling(List<FailureClass> told) {
        return new ReconcileListener() {
            @Override
            public void reconcileFailed(String entity, Side mirror, FailureClass failure) {
                told.add(failure);
            }
        };
    }

    private static int counted(World world, String error) {
        return new MissedWrites(world.legacy().dsl())
                .count(new MissedFilter(Optional.empty(), Optional.empty(), Optional.of(error)));
    }

    private static Drain drain(World world, RetrySettings retries) {
        return new Drain(
                world.databases(),
                new Reconciler(world.databases(), ReconcileListener.NONE, Duration.ofSeconds(5), retries));
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

    private static void awaitRound(Drain drain) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !drain.missedWrites(Users.MAPPING).isIdle());
    }
}
