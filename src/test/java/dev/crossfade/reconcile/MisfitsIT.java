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
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that break the rule that the server named are found together, without any acceptable row. */
class MisfitsIT {

    private static final TableMapping PRICES = TableMapping.table("price")
            .legacy("legacy", "prices")
            .modern("modern", "Price List")
            .key(new Column("id", "integer"), new Column("No", "integer"))
            .project(new Column("Net", "numeric(6,2)"), "net")
            .project(new Column("to", "text"), "target")
            .restore(new Column("net", "numeric"), "\"Net\"")
            .restore(new Column("target", "text"), "\"to\"")
            .build();

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, LEGACY",
        "ONE_DATABASE, MODERN",
        "TWO_DATABASES, LEGACY",
        "TWO_DATABASES, MODERN",
    })
    void rowsThatBreakARuleAreFoundByOneQuery(Topology topology, Side authority) {
        try (World world = new World(topology)) {
            install(world, "user", authority);
            if (authority == Side.LEGACY) {
                users(world, 500);
                world.legacy().execute("update legacy.users set email = null where id % 10 = 3");
                world.legacy().execute("update legacy.users set first_name = 'Bad' where id % 10 = 7");
                world.modern().execute("""
                        alter table modern.accounts alter email set not null,
                            add constraint "Is ""bad"" not" check (full_name not like 'Bad%' and full_name <> '{0} $crossfade$');
                        """);
            } else {
                world.modern()
                        .execute(
                                "insert into modern.accounts select n, n || '@example.org', 'F L' from generate_series(1, 500) as n");
                world.modern().execute("update modern.accounts set email = null where account_id % 10 = 3");
                world.modern().execute("update modern.accounts set full_name = 'Bad L' where account_id % 10 = 7");
                world.legacy().execute("""
                        alter table legacy.users alter email set not null,
                            add constraint "Is ""bad"" not" check (first_name not like 'Bad%' and first_name <> '{0} $crossfade$');
                        """);
            }
            countStatements(world, authority.opposite());
            note(world, authority, "user", numbers(500));

            assertThat(drain(world, Users.MAPPING)).isEqualTo(new Drain.Round(400, 0, 100));

            assertThat(missedNumbers(world)).allMatch(n -> n % 10 == 3 || n % 10 == 7);
            assertThat(missed(world))
                    .allSatisfy(one -> assertThat(one.sqlState())
                            .isEqualTo(one.key().values().getFirst().endsWith("3") ? "23502" : "23514"));
            // The legacy side's rows are written once more, by a statement that notes lossy keys.
            assertThat(statements(world, authority.opposite())).isEqualTo(authority == Side.LEGACY ? 3 : 4);
        }
    }

    /** The trigger fills in the missing value of most rows, so a missing value says nothing. */
    @ParameterizedTest
    @EnumSource
    void aRowThatATriggerMendsIsNotAmongThem(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "user", Side.LEGACY);
            users(world, 100);
            world.legacy().execute("update legacy.users set email = null");
            world.modern().execute("""
                    alter table modern.accounts alter email set not null;
                    create function modern.mend() returns trigger language plpgsql as $$
                    begin new.email := new.account_id || '@example.com'; return new; end $$;
                    create trigger mend before insert or update on modern.accounts for each row
                    when (new.account_id not in (20, 70)) execute function modern.mend();
                    """);
            note(world, Side.LEGACY, "user", numbers(100));

            assertThat(drain(world, Users.MAPPING)).isEqualTo(new Drain.Round(98, 0, 2));

            assertThat(missedNumbers(world)).containsExactlyInAnyOrder(20, 70);
        }
    }

    /** The stored value is rounded, and the check applies to the stored value. */
    @ParameterizedTest
    @EnumSource
    void aRowThatFitsOnceItIsConvertedIsNotAmongThem(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "price", Side.LEGACY);
            prices(world);
            world.modern().execute("alter table modern.\"Price List\" add check (\"Net\" >= 1)");
            note(world, Side.LEGACY, "price", numbers(100));

            assertThat(drain(world, PRICES)).isEqualTo(new Drain.Round(98, 0, 2));

            assertThat(missedNumbers(world)).containsExactlyInAnyOrder(3, 66);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a column that is not written  | "Net" > lowest                          | 3 66
            a question mark               | jsonb '{"a": 1}' ? 'a' and "Net" >= 1   | 3 66
            a failure of the check itself | 1 / ("Net" - 2) <> 0 and "Net" >= 1     | 3 50 66
            """)
    void aRuleThatCannotBeAskedForIsMetRowByRow(String rule, String check, String misfits) {
        List<Integer> expected =
                Arrays.stream(misfits.split(" ")).map(Integer::valueOf).toList();
        for (Topology topology : Topology.values()) {
            try (World world = new World(topology)) {
                install(world, "price", Side.LEGACY);
                prices(world);
                world.modern().execute("alter table modern.\"Price List\" add check (" + check + ")");
                note(world, Side.LEGACY, "price", numbers(100));

                drain(world, PRICES);

                assertThat(missedNumbers(world)).as(rule).containsExactlyInAnyOrderElementsOf(expected);
                assertThat(world.modern().dsl().fetchCount(DSL.table(DSL.name("modern", "Price List"))))
                        .as(rule)
                        .isEqualTo(100 - expected.size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfPartitionsAreFoundThroughTheirTable(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "price", Side.LEGACY);
            prices(world);
            world.modern().execute("""
                    drop table modern."Price List";
                    create table modern."Price List" ("No" integer primary key, "Net" numeric(6,2), "to" text)
                        partition by range ("No");
                    create table modern."low?" ("Net" numeric(6,2), "to" text, "No" integer not null);
                    alter table modern."Price List" attach partition modern."low?" for values from (1) to (51);
                    create table modern.high partition of modern."Price List" for values from (51) to (101);
                    alter table modern."Price List" add constraint least check ("Net" >= 1);
                    """);
            note(world, Side.LEGACY, "price", numbers(100));

            assertThat(drain(world, PRICES)).isEqualTo(new Drain.Round(98, 0, 2));

            assertThat(missedNumbers(world)).containsExactlyInAnyOrder(3, 66);
        }
    }

    /** The view gives its columns each other's names. */
    @ParameterizedTest
    @EnumSource
    void theRuleOfATableBehindAViewSaysNothing(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "user", Side.LEGACY);
            users(world, 100);
            world.legacy().execute("update legacy.users set first_name = 'bad' where id in (10, 90)");
            world.legacy().execute("update legacy.users set email = null where id < 20");
            world.modern().execute("""
                    drop table modern.accounts;
                    create table modern.people (account_id bigint primary key, email text not null, full_name text,
                        check (email not in ('bad L', '33@example.org')));
                    create view modern.accounts as
                    select account_id, full_name as email, email as full_name from modern.people;
                    """);
            note(world, Side.LEGACY, "user", numbers(100));

            assertThat(drain(world, Users.MAPPING)).isEqualTo(new Drain.Round(98, 0, 2));

            assertThat(missedNumbers(world)).containsExactlyInAnyOrder(10, 90);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBatchMayHaveNothingElse(Topology topology) {
        try (World world = new World(topology)) {
            install(world, "user", Side.LEGACY);
            users(world, 50);
            world.modern().execute("alter table modern.accounts add check (account_id > 1000)");
            List<RecordKey> spelledTwice = IntStream.rangeClosed(1, 3)
                    .mapToObj(n -> RecordKey.of("00" + n))
                    .toList();
            note(world, Side.LEGACY, "user", numbers(50));
            note(world, Side.LEGACY, "user", spelledTwice);

            assertThat(drain(world, Users.MAPPING)).isEqualTo(new Drain.Round(0, 0, 53));
        }
    }

    private static void prices(World world) {
        world.legacy().execute("""
                create table legacy.prices (id integer primary key, net numeric, target text);
                insert into legacy.prices
                select n, case when n in (3, 66) then 0.4 when n = 50 then 2 else 0.996 end, 'a' from generate_series(1, 100) as n;
                """);
        world.modern().execute("""
                create table modern."Price List" ("No" integer primary key, "Net" numeric(6,2), "to" text, lowest numeric default 0.5);
                """);
    }

    /** Counts inserting statements, failed ones included: a sequence's value survives a rollback. */
    private static void countStatements(World world, Side side) {
        countStatements(world, side, side == Side.LEGACY ? "legacy.users" : "modern.accounts");
    }

    private static void countStatements(World world, Side side, String table) {
        world.of(side).execute("""
                create sequence public.statements;
                create function public.count_statement() returns trigger language plpgsql as $$
                begin perform nextval('public.statements'); return null; end $$;
                create trigger count_statement before insert on %s for each statement execute function public.count_statement();
                """.formatted(table));
    }

    private static int statements(World world, Side side) {
        return Math.toIntExact(world.of(side)
                .dsl()
                .fetchSingle("select last_value from public.statements")
                .get(0, Long.class));
    }
}
