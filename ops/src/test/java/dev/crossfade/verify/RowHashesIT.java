package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.World;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
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
        World world = new World(topology);
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

    private static List<Long> hashes(SideReader sides, Side side, RowHashes.Hashes hashes) {
        return sides.ask(
                side,
                dsl -> dsl.select(hashes.ofRow())
                        .from(MAPPING.relation(side).aliased())
                        .fetch(row -> row.value1()));
    }
}
