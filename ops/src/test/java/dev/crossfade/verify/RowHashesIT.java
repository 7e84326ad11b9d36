package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.World;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The hashes by which ranges are compared, and that they name exactly the keys that differ. */
class RowHashesIT {

    private static final TableMapping MAPPING = TableMapping.table("thing")
            .legacy("legacy", "thing")
            .modern("modern", "thing")
            .key(new Column("id", "integer"), new Column("id", "integer"))
            .project(new Column("label", "text"), "label")
            .project(new Column("price", "numeric(8,2)"), "price")
            .project(new Column("seen", "timestamp with time zone"), "seen")
            .restore(new Column("label", "text"), "label")
            .restore(new Column("price", "numeric(8,2)"), "price")
            .restore(new Column("seen", "timestamp with time zone"), "seen")
            .build();
    private static final String TABLE =
            "create table %s.thing (id int primary key, label text, price numeric(8,2), seen timestamptz)";
    private static final String ROWS = """
            insert into %s.thing select i, case when i %% 5 = 0 then null else 'Ünïcode ' || i end, i / 7.0,
                case when i %% 11 = 0 then 'infinity' else timestamptz '2020-01-01 00:00:00+00' + i * interval '1 s' end
            from generate_series(1, 3000) as i
            """;

    private static World world(Topology topology) {
        return withRows(new World(topology));
    }

    private static World withRows(World world) {
        world.legacy().execute(TABLE.formatted("legacy"), ROWS.formatted("legacy"));
        world.modern().execute(TABLE.formatted("modern"), ROWS.formatted("modern"));
        return world;
    }

    @ParameterizedTest
    @EnumSource
    void equalRangesHaveNoSuspectsAndOthersExactlyTheKeysThatDiffer(Topology topology) {
        try (World world = world(topology)) {
            Comparison comparison = Comparison.of(world.databases(), MAPPING);
            KeyRange all = new KeyRange(null, null);
            Comparison.Seen equal = comparison.compare(all);
            world.modern()
                    .execute(
                            "update modern.thing set label = '' where id = 5",
                            "update modern.thing set price = price + 0.01 where id = 700",
                            "update modern.thing set seen = '-infinity' where id = 1100",
                            "delete from modern.thing where id = 2999",
                            "insert into modern.thing values (-4, 'more', 0, null)");

            Comparison.Seen seen = comparison.compare(all);

            assertThat(equal.legacyRows()).isEqualTo(3000);
            assertThat(equal.suspects()).isEmpty();
            assertThat(seen.legacyRows()).isEqualTo(3000);
            assertThat(seen.suspects())
                    .containsExactlyInAnyOrder(
                            RecordKey.of("5"),
                            RecordKey.of("700"),
                            RecordKey.of("1100"),
                            RecordKey.of("2999"),
                            RecordKey.of("-4"));
            assertThat(comparison
                            .compare(new KeyRange(RecordKey.of("5"), RecordKey.of("699")))
                            .suspects())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoServersThatHashAlikeAreFoundOut(Topology topology) {
        try (World world = world(topology)) {
            SideReader sides = new SideReader(world.databases());

            assertThat(RowHashes.areAlike(sides)).isTrue();
            List<Integer> buckets = sides.ask(
                    Side.LEGACY,
                    dsl -> RowHashes.buckets(
                                    dsl,
                                    MAPPING.legacy(),
                                    new KeyRange(null, null),
                                    RowHashes.ofRecords(MAPPING.from(Side.LEGACY))
                                            .projected())
                            .fetch(field(RowHashes.BUCKET, Integer.class)));
            assertThat(buckets).doesNotHaveDuplicates().hasSizeBetween(900, 1024);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hashesOfTextsTellTheSameRowsApart(Topology topology) {
        try (World world = world(topology)) {
            RowHashes texts = RowHashes.ofTexts(MAPPING.from(Side.LEGACY));
            SideReader sides = new SideReader(world.databases());
            world.modern().execute("update modern.thing set label = '' where id = 5");

            List<Long> legacy = hashes(sides, Side.LEGACY, texts.projected());
            List<Long> modern = hashes(sides, Side.MODERN, texts.stored());

            assertThat(legacy).hasSize(3000).doesNotHaveDuplicates();
            legacy.removeAll(modern);
            assertThat(legacy).hasSize(1);
        }
    }

    /** The hash that a server makes of a 64-bit number is that of 32 bits, into which it folds both halves. */
    @ParameterizedTest
    @EnumSource
    void numbersAndTimesThatServersHashAlikeAreToldApart(Topology topology) {
        TableMapping mapping = TableMapping.table("number")
                .legacy("legacy", "number")
                .modern("modern", "number")
                .key(new Column("id", "bigint"), new Column("id", "bigint"))
                .project(new Column("flags", "bigint"), "flags")
                .project(new Column("since", "timestamp without time zone"), "since")
                .project(new Column("seen", "timestamp with time zone"), "seen")
                .build();
        String table =
                "create table %s.number (id bigint primary key, flags bigint, since timestamp, seen timestamptz)";
        String early = "'1999-12-31 23:59:59+00'";
        String late = "'2000-01-01 01:11:33.967296+00'";
        String rows =
                "insert into %s.number values (1, %s, null, null), (2, 0, %s, null), (3, 0, null, %s), (%s, 0, null, null)";
        try (World world = new World(topology)) {
            world.legacy().execute(table.formatted("legacy"), rows.formatted("legacy", -1, early, early, -7));
            world.modern()
                    .execute(table.formatted("modern"), rows.formatted("modern", 4294967295L, late, late, 4294967289L));

            assertThat(Comparison.of(world.databases(), mapping)
                            .compare(new KeyRange(null, null))
                            .suspects())
                    .containsExactlyInAnyOrder(
                            RecordKey.of("1"),
                            RecordKey.of("2"),
                            RecordKey.of("3"),
                            RecordKey.of("-7"),
                            RecordKey.of("4294967289"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfOneBucketThatSwappedTheirValuesDoNotCancelEachOtherOut(Topology topology) {
        try (World world = world(topology)) {
            RowHashes hashes = RowHashes.ofRecords(MAPPING.from(Side.LEGACY));
            Map<Integer, List<Integer>> buckets = new SideReader(world.databases())
                    .ask(
                            Side.LEGACY,
                            dsl -> dsl.select(hashes.projected().bucket(), field("id", Integer.class))
                                    .from(MAPPING.legacy().aliased())
                                    .where("id % 5 <> 0")
                                    .fetchGroups(row -> row.value1(), row -> row.value2()));
            List<Integer> two = buckets.values().stream()
                    .filter(ids -> ids.size() >= 2)
                    .findFirst()
                    .orElseThrow();
            world.modern().execute("""
                            update modern.thing set label = 'Ünïcode ' || case id when %1$s then %2$s else %1$s end
                            where id in (%1$s, %2$s)
                            """.formatted(two.get(0), two.get(1)));

            assertThat(Comparison.of(world.databases(), MAPPING)
                            .compare(new KeyRange(null, null))
                            .suspects())
                    .containsExactlyInAnyOrder(
                            RecordKey.of(two.get(0).toString()),
                            RecordKey.of(two.get(1).toString()));
        }
    }

    /** The server's own hash is a sum over the columns, which changes by the same amount in each row. */
    @ParameterizedTest
    @EnumSource
    void theSameChangeInTwoRowsChangesNothingInCommonInTheirHashes(Topology topology) {
        try (World world = world(topology)) {
            RowHashes hashes = RowHashes.ofRecords(MAPPING.from(Side.LEGACY));
            SideReader sides = new SideReader(world.databases());
            world.modern().execute("update modern.thing set price = 1");
            List<Long> once = hashes(sides, Side.MODERN, hashes.stored());
            world.modern().execute("update modern.thing set price = 2");
            List<Long> then = hashes(sides, Side.MODERN, hashes.stored());

            long[] leftOver = IntStream.range(1, once.size())
                    .mapToLong(i -> once.get(i - 1) ^ once.get(i) ^ then.get(i - 1) ^ then.get(i))
                    .toArray();

            for (int bit = 0; bit < Long.SIZE; bit++) {
                long mask = 1L << bit;
                assertThat(LongStream.of(leftOver)
                                .filter(one -> (one & mask) != 0)
                                .count())
                        .as("pairs in which bit %s tells the rows apart", bit)
                        .isBetween(once.size() / 2 - 300L, once.size() / 2 + 300L);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"LATIN1,UTF8", "UTF8,LATIN1", "SQL_ASCII,UTF8"})
    void serversOfDifferentEncodingsHashTextsThatAreTheSameOnBoth(String legacy, String modern) {
        try (World world = withRows(new World(TestDatabases.createIn(legacy), TestDatabases.createIn(modern)))) {
            Comparison comparison = Comparison.of(world.databases(), MAPPING);
            KeyRange all = new KeyRange(null, null);
            RowHashes texts = RowHashes.ofTexts(MAPPING.from(Side.LEGACY));
            SideReader sides = new SideReader(world.databases());

            assertThat(RowHashes.areAlike(sides)).isFalse();
            assertThat(comparison.compare(all).suspects()).isEmpty();
            assertThat(hashes(sides, Side.LEGACY, texts.projected()))
                    .isEqualTo(hashes(sides, Side.MODERN, texts.stored()));
            world.modern().execute("update modern.thing set label = 'ü' where id = 7");
            assertThat(comparison.compare(all).suspects()).containsExactly(RecordKey.of("7"));
        }
    }

    private static List<Long> hashes(SideReader sides, Side side, RowHashes.Hashes hashes) {
        return sides.ask(
                side,
                dsl -> dsl.select(hashes.ofRow())
                        .from(MAPPING.relation(side).aliased())
                        .orderBy(MAPPING.relation(side).keyFields())
                        .fetch(row -> row.value1()));
    }
}
