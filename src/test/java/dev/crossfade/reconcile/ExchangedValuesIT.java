package dev.crossfade.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.World;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that are accepted only together: they exchange values that must be unique on the mirror. */
class ExchangedValuesIT {

    private static final TableMapping SEATS = TableMapping.table("seat")
            .legacy("legacy", "seats")
            .modern("modern", "seats")
            .key(new Column("id", "integer"), new Column("id", "bigint"))
            .project(new Column("Place", "integer"), "place")
            .project(new Column("guest", "text"), "guest")
            .restore(new Column("place", "integer"), "\"Place\"")
            .restore(new Column("guest", "text"), "guest")
            .build();

    /** How the modern table keeps places unique; it also has an unmapped column. */
    private enum Uniqueness {
        OF_A_COLUMN_THAT_MAY_BE_NULL("\"Place\" integer unique"),
        OF_A_COLUMN_THAT_MAY_NOT("\"Place\" integer not null unique"),
        WITH_NULLS_THAT_ARE_EQUAL("\"Place\" integer, unique nulls not distinct (\"Place\")"),
        DEFERRABLE("\"Place\" integer not null unique deferrable"),
        DEFERRED("\"Place\" integer not null unique deferrable initially deferred"),
        EXCLUDED("\"Place\" integer not null, exclude using btree (\"Place\" with =)");

        private final String sql;

        Uniqueness(String sql) {
            this.sql = sql;
        }
    }

    static Stream<Arguments> all() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Uniqueness.values()).map(one -> Arguments.of(topology, one)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRotationOfManyIsAppliedInOneRound(Topology topology, Uniqueness uniqueness) {
        try (World world = world(topology, uniqueness.sql, 300)) {
            world.legacy().execute("update legacy.seats set place = place %% 300 + 1".replace("%%", "%"));
            note(world, IntStream.rangeClosed(1, 300));

            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(300, 0, 0));

            assertLevel(world);
            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.seats where note = 'n' || id"))
                    .as("columns that are not mapped keep their values")
                    .isEqualTo(300L);
        }
    }

    /** With NULLS NOT DISTINCT only one row may have null, and others wait for null like for a value. */
    @ParameterizedTest
    @EnumSource
    void aNullThatOnlyOneMayHaveIsHandedOn(Topology topology) {
        try (World world = world(topology, Uniqueness.WITH_NULLS_THAT_ARE_EQUAL.sql, 5)) {
            world.legacy().execute("update legacy.seats set place = null where id = 5");
            note(world, IntStream.of(5));
            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(1, 0, 0));
            world.legacy()
                    .execute("update legacy.seats set place = case id when 1 then null when 5 then 2 when 2 then 1 end"
                            + " where id in (1, 2, 5)");
            note(world, IntStream.of(1, 2, 5));

            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(3, 0, 0));

            assertLevel(world);
        }
    }

    /** In one database, texts of both columns meet in one comparison, and the server refuses to choose a collation. */
    @ParameterizedTest
    @EnumSource
    void textsOfColumnsWithOtherCollationsAreExchangedToo(Topology topology) {
        try (World world = world(topology, "\"Place\" integer", 5)) {
            world.legacy().execute("alter table legacy.seats alter guest type text collate \"C\"");
            world.modern()
                    .execute("alter table modern.seats alter guest type text collate \"POSIX\", add unique (guest)");
            world.legacy().execute("update legacy.seats set guest = 'g' || (id % 5 + 1)");
            note(world, IntStream.rangeClosed(1, 5));

            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(5, 0, 0));

            assertLevel(world);
        }
    }

    /** Only one key of a rotation of three is noted: the others' mirror rows are stale without a note. */
    @ParameterizedTest
    @MethodSource("all")
    void rowsThatHaveTheValuesAreBroughtInWhoeverNotedThem(Topology topology, Uniqueness uniqueness) {
        try (World world = world(topology, uniqueness.sql, 5)) {
            world.legacy().execute("update legacy.seats set place = place % 3 + 1 where id <= 3");
            note(world, IntStream.of(1));

            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(1, 0, 0));

            assertLevel(world);
            assertThat(Batches.missed(world)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void swapsChainsDeletionsAndAMisfitBesideThemAreToldApart(Topology topology) {
        try (World world = world(topology, "\"Place\" integer not null check (\"Place\" < 1000) unique", 40)) {
            world.legacy().execute("""
                    update legacy.seats set place = case id when 1 then 2 when 2 then 1 end where id <= 2;
                    update legacy.seats set place = place + 1 where id between 10 and 19;
                    delete from legacy.seats where id = 20;
                    update legacy.seats set place = case id when 30 then 31 when 31 then 5000 end where id in (30, 31);
                    update legacy.seats set place = 40 where id = 39;
                    update legacy.seats set guest = 'other' where id = 5;
                    """);
            note(world, IntStream.rangeClosed(1, 40));

            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(37, 0, 3));

            assertThat(Batches.missedNumbers(world)).containsExactlyInAnyOrder(30, 31, 39);
            assertThat(Batches.missed(world))
                    .allSatisfy(one -> assertThat(one.sqlState()).isIn("23505", "23514"));
            assertThat(different(world)).containsExactlyInAnyOrder("30", "31", "39");
        }
    }

    /** The deletion of a mirror row must not take others with it. */
    @ParameterizedTest
    @EnumSource
    void rowsThatOthersFollowAreNotDeletedOnTheWay(Topology topology) {
        try (World world = world(topology, "\"Place\" integer not null unique", 4)) {
            world.modern().execute("""
                    create table modern.meals (id bigint references modern.seats on delete cascade);
                    insert into modern.meals select id from modern.seats;
                    """);
            world.legacy().execute("update legacy.seats set place = 3 - place where id <= 2");
            note(world, IntStream.rangeClosed(1, 4));

            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(2, 0, 2));

            assertThat(Batches.missed(world))
                    .extracting(MissedWrite::message)
                    .containsOnly(
                            "rows exchange values of the unique index seats_Place_key, which cannot be done row by row, and the foreign key meals_id_fkey of modern.meals does something else when a row is deleted: make it a DEFERRABLE constraint");
            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.meals"))
                    .isEqualTo(4L);
            world.modern()
                    .execute(
                            "alter table modern.seats drop constraint \"seats_Place_key\", add unique (\"Place\") deferrable");
            note(world, IntStream.rangeClosed(1, 4));
            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(4, 0, 0));
            assertLevel(world);
        }
    }

    /** Setting the column to null for a moment would affect the rows that refer to it. */
    @ParameterizedTest
    @EnumSource
    void valuesThatOthersReferToAreNotEmptiedOnTheWay(Topology topology) {
        try (World world = world(topology, "\"Place\" integer unique", 4)) {
            world.modern().execute("""
                    create table modern.meals (place integer references modern.seats ("Place") on update cascade);
                    insert into modern.meals select id from modern.seats;
                    """);
            world.legacy().execute("update legacy.seats set place = 3 - place where id <= 2");
            note(world, IntStream.rangeClosed(1, 4));

            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(4, 0, 0));

            assertLevel(world);
            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.meals where place is not null"))
                    .isEqualTo(4L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void partialAndComputedIndexesCountAsTheServerCountsThem(Topology topology) {
        try (World world = world(topology, "\"Place\" integer", 6)) {
            world.modern().execute("""
                    create unique index on modern.seats (lower(guest));
                    create unique index on modern.seats ((-"Place")) where note <> 'n6';
                    """);
            world.legacy().execute("""
                    update legacy.seats set guest = case id when 1 then 'G2' when 2 then 'G1' end where id <= 2;
                    update legacy.seats set place = case id when 3 then 4 when 4 then 3 else 1 end where id in (3, 4, 6);
                    """);
            note(world, IntStream.rangeClosed(1, 6));

            assertThat(Batches.drain(world, SEATS)).isEqualTo(new Drain.Round(6, 0, 0));

            assertLevel(world);
        }
    }

    private static World world(Topology topology, String place, int seats) {
        World world = new World(topology);
        Batches.install(world, "seat", Side.LEGACY);
        world.legacy().execute("create table legacy.seats (id integer primary key, place integer, guest text)");
        world.modern()
                .execute(
                        "create table modern.seats (id bigint primary key, guest text, note text default 'none', stamp bigint generated always as identity, %s)"
                                .formatted(place));
        world.legacy()
                .dsl()
                .execute(
                        "insert into legacy.seats select n, n, 'g' || n from generate_series(1, cast(? as int)) as n",
                        seats);
        world.modern()
                .dsl()
                .execute(
                        "insert into modern.seats (id, \"Place\", guest, note) select n, n, 'g' || n, 'n' || n from generate_series(1, cast(? as int)) as n",
                        seats);
        return world;
    }

    private static void note(World world, IntStream keys) {
        Batches.note(
                world,
                Side.LEGACY,
                "seat",
                keys.mapToObj(n -> RecordKey.of("" + n)).toList());
    }

    private static void assertLevel(World world) {
        assertThat(different(world)).isEmpty();
    }

    private static List<String> different(World world) {
        List<String> legacy = rows(world.legacy(), "select id, place, guest from legacy.seats order by id");
        List<String> modern = rows(world.modern(), "select id, \"Place\", guest from modern.seats order by id");
        return Stream.concat(
                        legacy.stream().filter(row -> !modern.contains(row)),
                        modern.stream().filter(row -> !legacy.contains(row)))
                .map(row -> row.substring(0, row.indexOf(' ')))
                .distinct()
                .toList();
    }

    private static List<String> rows(TestDatabase database, String sql) {
        return database.dsl().fetch(sql).map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2));
    }
}
