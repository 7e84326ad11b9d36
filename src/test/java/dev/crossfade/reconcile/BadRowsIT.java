package dev.crossfade.reconcile;

import static dev.crossfade.reconcile.Batches.drain;
import static dev.crossfade.reconcile.Batches.install;
import static dev.crossfade.reconcile.Batches.missed;
import static dev.crossfade.reconcile.Batches.missedNumbers;
import static dev.crossfade.reconcile.Batches.note;
import static dev.crossfade.reconcile.Batches.numbers;
import static dev.crossfade.reconcile.Batches.users;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The refused rows of a batch are found exactly, whatever the mirror consists of. */
class BadRowsIT {

    private static final TableMapping LINES = TableMapping.table("line")
            .legacy("legacy", "Order Lines")
            .modern("modern", "order_line")
            .key(new Column("Region", "text"), new Column("region", "text"))
            .key(new Column("No", "integer"), new Column("no", "bigint"))
            .project(new Column("order", "text"), "btrim(\"Order\")")
            .restore(new Column("Order", "text"), "\"order\"")
            .build();

    private static final TableMapping NAMES = TableMapping.columns("name")
            .legacy("legacy", "names")
            .key(new Column("id", "integer"), new Column("id", "integer"))
            .project(new Column("full_name", "character varying(10)"), "concat_ws(' ', first_name, last_name)")
            .restore(new Column("first_name", "text"), "split_part(full_name, ' ', 1)")
            .restore(new Column("last_name", "text"), "nullif(split_part(full_name, ' ', 2), '')")
            .build();

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, LEGACY",
        "ONE_DATABASE, MODERN",
        "TWO_DATABASES, LEGACY",
        "TWO_DATABASES, MODERN",
    })
    void badRowsAreToldByAKeyOfTwoColumnsWithQuotedNames(Topology topology, Side authority) {
        try (World world = new World(topology)) {
            install(world, "line", authority);
            world.legacy().execute("""
                    create table legacy."Order Lines" (
                        "Region" text, "No" integer, "Order" text check ("Order" <> 'bad'), primary key ("Region", "No"));
                    """);
            world.modern().execute("""
                    create table modern.order_line (
                        region text, no bigint, "order" text check ("order" <> 'bad'), primary key (region, no));
                    """);
            String rows = "select 'r,' || n % 3, n, case when n in (1, 32, 33, 77, 200) then 'bad' else 'good' end";
            world.of(authority)
                    .execute(
                            authority == Side.LEGACY
                                    ? "alter table legacy.\"Order Lines\" drop constraint \"Order Lines_Order_check\";"
                                            + "insert into legacy.\"Order Lines\" " + rows
                                            + " from generate_series(1, 200) as n"
                                    : "alter table modern.order_line drop constraint order_line_order_check;"
                                            + "insert into modern.order_line " + rows
                                            + " from generate_series(1, 200) as n");
            note(
                    world,
                    authority,
                    "line",
                    IntStream.rangeClosed(1, 200)
                            .mapToObj(n -> RecordKey.of("r," + n % 3, "" + n))
                            .toList());

            assertThat(drain(world, LINES)).isEqualTo(new Drain.Round(195, 0, 5));

            assertThat(missed(world))
                    .allSatisfy(one -> assertThat(one.sqlState()).isEqualTo("23514"))
                    .extracting(one -> one.key().values().getLast())
                    .containsExactlyInAnyOrder("1", "32", "33", "77", "200");
        }
    }

    @ParameterizedTest
    @EnumSource
    void badRowsAreToldAmongColumnsInPlace(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "name", Side.LEGACY);
            world.legacy().execute("""
                    create table legacy.names (
                        id integer primary key, first_name text, last_name text, full_name varchar(10));
                    insert into legacy.names select n, 'F', case when n in (1, 31, 32, 64, 150, 200) then repeat('x', 20) else 'L' end
                    from generate_series(1, 200) as n;
                    """);
            note(world, Side.LEGACY, "name", numbers(200));

            assertThat(drain(world, NAMES)).isEqualTo(new Drain.Round(194, 0, 6));

            assertThat(missedNumbers(world)).containsExactlyInAnyOrder(1, 31, 32, 64, 150, 200);
            assertThat(world.legacy().dsl().fetchValue("select count(*) from legacy.names where full_name = 'F L'"))
                    .isEqualTo(194L);
        }
    }

    /** The trigger fails when every row of the statement has been written. */
    @ParameterizedTest
    @EnumSource
    void badRowsAreToldWhereATriggerFailsAfterAllRows(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "user", Side.LEGACY);
            users(world, 100);
            world.modern().execute("""
                    create function modern.refuse() returns trigger language plpgsql as $$
                    begin raise check_violation; end $$;
                    create trigger refuse after insert or update on modern.accounts for each row
                    when (new.account_id in (10, 40, 41, 64, 100)) execute function modern.refuse();
                    """);
            note(world, Side.LEGACY, "user", numbers(100));

            assertThat(drain(world, Users.MAPPING)).isEqualTo(new Drain.Round(95, 0, 5));

            assertThat(missedNumbers(world)).containsExactlyInAnyOrder(10, 40, 41, 64, 100);
        }
    }

    /**
     * The last row of the piece takes the value that the first one gives up, and is accepted unless it is written
     * before.
     */
    @ParameterizedTest
    @EnumSource
    void aRowThatNeedsAnEarlierOneIsNotToBlameForOneBetween(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "user", Side.LEGACY);
            users(world, 32);
            note(world, Side.LEGACY, "user", numbers(32));
            assertThat(drain(world, Users.MAPPING).applied()).isEqualTo(32);
            world.legacy().execute("""
                    update legacy.users set email = 'new@example.org' where id = 1;
                    update legacy.users set email = '1@example.org' where id = 32;
                    """);
            world.modern().execute("""
                    create function modern.refuse() returns trigger language plpgsql as $$
                    begin raise check_violation; end $$;
                    create trigger refuse after insert or update on modern.accounts for each row
                    when (new.account_id = 10) execute function modern.refuse();
                    """);
            note(world, Side.LEGACY, "user", numbers(32));

            assertThat(drain(world, Users.MAPPING)).isEqualTo(new Drain.Round(31, 0, 1));

            assertThat(missedNumbers(world)).containsExactly(10);
        }
    }

    /** Partitions, a generated column and a view in front of them; the key of one row in two spellings. */
    @ParameterizedTest
    @EnumSource
    void badRowsAreToldBehindAViewOfPartitionsWithAGeneratedColumn(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "user", Side.LEGACY);
            users(world, 100);
            world.legacy().execute("update legacy.users set last_name = '' where id in (5, 64, 99)");
            world.modern().execute("""
                    drop table modern.accounts;
                    create table modern.parts (
                        account_id bigint primary key, email text, full_name varchar(40) not null,
                        share integer generated always as (100 / (length(full_name) - 2)) stored) partition by range (account_id);
                    create table modern.low partition of modern.parts for values from (0) to (50);
                    create table modern.high partition of modern.parts for values from (53) to (500);
                    create view modern.accounts as select account_id, email, full_name from modern.parts;
                    """);
            note(world, Side.LEGACY, "user", numbers(100));
            note(world, Side.LEGACY, "user", List.of(RecordKey.of("007")));

            assertThat(drain(world, Users.MAPPING)).isEqualTo(new Drain.Round(95, 0, 6));

            assertThat(missedNumbers(world)).containsExactlyInAnyOrder(5, 50, 51, 52, 64, 99);
        }
    }

    /** With both at once the time is up before the bad row is found, at every attempt. */
    @Test
    void badRowsAreToldWhereTheMirrorIsSlowToRefuseThem() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            install(world, "user", Side.LEGACY);
            users(world, 2);
            triggerBeforeInsert(world, "perform pg_sleep(1.2); raise check_violation;");
            note(world, Side.LEGACY, "user", numbers(2));

            assertThat(drain(world, Users.MAPPING, Duration.ofSeconds(2))).isEqualTo(new Drain.Round(0, 0, 2));
        }
    }

    /** Every piece takes less than the statement limit, and all together far longer. */
    @Test
    void aBatchIsOverForItsGoodRowsTooWhenItHasTakenItsTime() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            install(world, "user", Side.LEGACY);
            users(world, 1000);
            triggerBeforeInsert(
                    world,
                    "if new.account_id = 1 then raise check_violation; end if; perform pg_sleep(0.005); return new;");
            note(world, Side.LEGACY, "user", numbers(1000));

            Drain.Round round = drain(world, Users.MAPPING, Duration.ofSeconds(1));

            assertThat(round.missed()).isOne();
            assertThat(round.applied()).isPositive();
            assertThat(round.deferred()).isGreaterThan(500);
        }
    }

    @Test
    void aConstraintThatIsCheckedAtCommitHoldsUpItsKeyAlone() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            install(world, "user", Side.LEGACY);
            users(world, 40);
            world.legacy().execute("update legacy.users set last_name = repeat('x', 50) where id in (7, 32)");
            world.modern().execute("""
                    create table modern.names (full_name varchar(40) primary key);
                    insert into modern.names values ('F L');
                    alter table modern.accounts add foreign key (full_name) references modern.names deferrable initially deferred;
                    """);
            world.legacy().execute("update legacy.users set first_name = 'Nobody' where id = 20");
            note(world, Side.LEGACY, "user", numbers(40));

            assertThat(drain(world, Users.MAPPING)).isEqualTo(new Drain.Round(37, 1, 2));

            assertThat(missedNumbers(world)).containsExactlyInAnyOrder(7, 32);
        }
    }

    private static void triggerBeforeInsert(World world, String body) {
        world.modern().execute("""
                create function modern.look() returns trigger language plpgsql as $$
                begin %s end $$;
                create trigger look before insert on modern.accounts for each row execute function modern.look();
                """.formatted(body));
    }
}
