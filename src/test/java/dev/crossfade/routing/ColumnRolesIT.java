package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.MappedWorld;
import dev.crossfade.testing.TextRecords.TextRecord;
import dev.crossfade.testing.Topology;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Filled columns keep their values in every stage and on the way back; a service does not set derived and ignored
 * ones.
 */
class ColumnRolesIT {

    private static final Column ID = new Column("id", "integer");
    private static final Column NAME = new Column("name", "text");
    private static final Column JOINED = new Column("joined", "date");
    private static final Column VERIFIED = new Column("verified", "date");
    private static final Column LENGTH = new Column("length", "integer");

    private static final String LEGACY = "create table legacy.member (id int primary key, name text, joined date)";
    private static final String MODERN = "create table modern.member (id int primary key, name text, joined date,"
            + " verified date, length int default -1, seen int default 0)";
    private static final String IN_PLACE =
            "create table legacy.member (id int primary key, name text, joined date, verified date)";

    private static final TableMapping TABLES = TableMapping.table("member")
            .legacy("legacy", "member")
            .modern("modern", "member")
            .key(ID, ID)
            .project(NAME, "name")
            .project(JOINED, "joined")
            .project(LENGTH, "length(name)")
            .restore(NAME, "name")
            .restore(JOINED, "joined")
            .fill(VERIFIED, "joined")
            .derived("length")
            .ignore("seen")
            .build();

    private static final TableMapping COLUMNS = TableMapping.columns("member")
            .legacy("legacy", "member")
            .key(ID, ID)
            .shared(NAME)
            .shared(JOINED)
            .fill(VERIFIED, "joined")
            .build();

    /**
     * The layout of the legacy and modern columns, and the service's view of a row of id, name, joined and verified.
     */
    private enum Layout {
        ONE_DATABASE(Topology.ONE_DATABASE, Side.MODERN),
        TWO_DATABASES(Topology.TWO_DATABASES, Side.MODERN),
        IN_PLACE(Topology.ONE_DATABASE, Side.LEGACY);

        private final Topology topology;
        private final Side holder;

        Layout(Topology topology, Side holder) {
            this.topology = topology;
            this.holder = holder;
        }

        MappedWorld create() {
            return this == IN_PLACE
                    ? new MappedWorld(topology, ColumnRolesIT.IN_PLACE, "select 1", COLUMNS)
                    : new MappedWorld(topology, LEGACY, MODERN, TABLES);
        }

        String record(MappedWorld world) {
            return world.rows(holder, "select id, name, verified from " + holder.label() + ".member order by id")
                    .toString();
        }

        TextRecord member(String name, String joined, @Nullable String verified) {
            return this == IN_PLACE
                    ? TextRecord.of("1", name, joined, verified)
                    : TextRecord.of("1", name, joined, null, verified);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowWithoutAValueGetsOneAndKeepsIt(Layout layout) {
        try (MappedWorld world = layout.create().moveTo(Stage.DUAL_WRITE)) {
            world.records().save(layout.member("Ada", "2020-01-01", null));
            world.drain();
            assertThat(layout.record(world)).isEqualTo("[(1,Ada,2020-01-01)]");

            world.of(layout.holder).execute("update " + layout.holder.label() + ".member set verified = '2021-02-03'");
            world.of(Side.LEGACY).execute("update legacy.member set joined = '2019-01-01'");
            world.records()
                    .write(
                            legacy -> legacy.resultQuery("update legacy.member set name = 'Ada L.' returning id")
                                    .coerce(DSL.field("id", Integer.class)),
                            modern -> modern.resultQuery("update modern.member set name = 'Ada L.' returning id")
                                    .coerce(DSL.field("id", Integer.class)));
            world.drain();
            assertThat(layout.record(world)).isEqualTo("[(1,\"Ada L.\",2021-02-03)]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheModernSideKnowsSurvivesTheWayBackAndForth(Layout layout) {
        try (MappedWorld world = layout.create().moveTo(Stage.MODERN_PRIMARY)) {
            world.records().save(layout.member("Ada", "2020-01-01", "2021-02-03"));
            world.drain().moveTo(Stage.MODERN_READ);
            world.records().save(layout.member("Ada L.", "2020-01-01", "2021-02-03"));
            world.drain();
            assertThat(layout.record(world)).isEqualTo("[(1,\"Ada L.\",2021-02-03)]");

            world.moveTo(Stage.DUAL_WRITE);
            world.records().save(layout.member("Ada", "2020-01-01", "2021-02-03"));
            world.drain().moveTo(Stage.MODERN_PRIMARY);
            assertThat(world.records().find(List.of("1")).orElseThrow().values().getLast())
                    .isEqualTo("2021-02-03");
        }
    }

    @Test
    void inPlaceWhatTheServiceGivesIsStoredWhileLegacyDecides() {
        try (MappedWorld world = Layout.IN_PLACE.create()) {
            for (Stage stage : List.of(Stage.LEGACY_ONLY, Stage.DUAL_WRITE, Stage.MODERN_READ)) {
                world.moveTo(stage);
                world.records().save(Layout.IN_PLACE.member("Ada", "2020-01-01", "2021-02-03"));
                world.drain();
                assertThat(Layout.IN_PLACE.record(world)).isEqualTo("[(1,Ada,2021-02-03)]");
                assertThat(world.records()
                                .find(List.of("1"))
                                .orElseThrow()
                                .values()
                                .getLast())
                        .isEqualTo("2021-02-03");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void aDerivedColumnIsWrittenWhileLegacyDecidesAndLeftToTheDatabaseAfterwards(Layout layout) {
        try (MappedWorld world = layout.create().moveTo(Stage.DUAL_WRITE)) {
            world.records().save(TextRecord.of("1", "Ada", "2020-01-01", "99", null));
            world.drain();
            assertThat(lengths(world)).containsExactly("(1,3,0)");
            assertThat(world.records().find(List.of("1")).orElseThrow().values().get(2))
                    .isEqualTo("3");

            world.moveTo(Stage.MODERN_PRIMARY);
            world.records().save(TextRecord.of("1", "Grace", "2020-01-01", "99", null));
            world.records().save(TextRecord.of("2", "Kay", "2020-01-01", "99", null));
            world.records()
                    .saveAll(List.of(
                            TextRecord.of("3", "Jo", "2020-01-01", "99", null),
                            TextRecord.of("4", "Al", "2020-01-01", "99", null)));
            world.drain();
            assertThat(lengths(world)).containsExactly("(1,3,0)", "(2,-1,0)", "(3,-1,0)", "(4,-1,0)");
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void anIgnoredColumnKeepsItsValue(Layout layout) {
        try (MappedWorld world = layout.create().moveTo(Stage.DUAL_WRITE)) {
            world.records().save(layout.member("Ada", "2020-01-01", null));
            world.drain().of(Side.MODERN).execute("update modern.member set seen = 7");
            world.records().save(layout.member("Grace", "2020-01-01", null));
            world.drain();
            assertThat(lengths(world)).containsExactly("(1,5,7)");
        }
    }

    static Stream<Layout> tables() {
        return Stream.of(Layout.ONE_DATABASE, Layout.TWO_DATABASES);
    }

    private static List<String> lengths(MappedWorld world) {
        return world.rows(Side.MODERN, "select id, length, seen from modern.member");
    }
}
